using System.Runtime.InteropServices;

namespace Weft.Native.OpenSsl;

/// <summary>libcrypto 3 as it is: BIOs, PEM, X.509, the error queue.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Name = "libcrypto.so.3";

    [LibraryImport(Name)]
    public static partial int BIO_get_new_index();

    [LibraryImport(Name)]
    public static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport(Name)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Name)]
    public static partial nint BIO_new_mem_buf(byte* bytes, int length);

    [LibraryImport(Name)]
    public static partial int BIO_free(nint bio);

    [LibraryImport(Name)]
    public static partial void BIO_set_data(nint bio, nint data);

    [LibraryImport(Name)]
    public static partial nint BIO_get_data(nint bio);

    [LibraryImport(Name)]
    public static partial void BIO_set_init(nint bio, int initialized);

    [LibraryImport(Name)]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Name)]
    public static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(Name)]
    public static partial nint PEM_read_bio_X509(nint bio, nint* reuse, nint callback, byte* password);

    [LibraryImport(Name)]
    public static partial nint PEM_read_bio_PrivateKey(nint bio, nint* reuse, nint callback, byte* password);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Name)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Name)]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Name)]
    public static partial nint X509_STORE_CTX_get_ex_data(nint context, int index);

    [LibraryImport(Name)]
    public static partial nint X509_STORE_CTX_get0_cert(nint context);

    [LibraryImport(Name)]
    public static partial nint X509_STORE_CTX_get0_untrusted(nint context);

    [LibraryImport(Name)]
    public static partial int X509_STORE_CTX_get_error(nint context);

    [LibraryImport(Name)]
    public static partial void X509_STORE_CTX_set_error(nint context, int error);

    [LibraryImport(Name)]
    public static partial int X509_verify_cert(nint context);

    [LibraryImport(Name)]
    public static partial uint X509_get_extension_flags(nint certificate);

    [LibraryImport(Name)]
    public static partial uint X509_get_key_usage(nint certificate);

    [LibraryImport(Name)]
    public static partial nint X509_get_ext_d2i(nint certificate, int nid, int* critical, int* index);

    [LibraryImport(Name)]
    public static partial int i2d_X509(nint certificate, byte** output);

    [LibraryImport(Name)]
    public static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Name)]
    public static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Name)]
    public static partial void GENERAL_NAMES_free(nint names);

    [LibraryImport(Name)]
    public static partial nint GENERAL_NAME_get0_value(nint name, int* type);

    [LibraryImport(Name)]
    public static partial byte* ASN1_STRING_get0_data(nint text);

    [LibraryImport(Name)]
    public static partial int ASN1_STRING_length(nint text);

    [LibraryImport(Name)]
    public static partial byte* X509_verify_cert_error_string(nint code);

    [LibraryImport(Name)]
    public static partial ulong ERR_peek_error();

    [LibraryImport(Name)]
    public static partial ulong ERR_peek_last_error();

    [LibraryImport(Name)]
    public static partial void ERR_clear_error();

    [LibraryImport(Name)]
    public static partial void ERR_error_string_n(ulong code, byte* buffer, nuint length);
}
