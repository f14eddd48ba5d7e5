using System.Runtime.InteropServices;

namespace Weft.Native.OpenSsl;

/// <summary>
/// libssl 3 as it is, found by name at run time (.NET's own cryptography needs the same library). The GC transition is never suppressed here: these
/// calls send, receive, sign and call back into us.
/// </summary>
internal static unsafe partial class LibSsl
{
    private const string Name = "libssl.so.3";

    [LibraryImport(Name)]
    public static partial nint TLS_method();

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Name)]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_set_cipher_list(nint context, byte* list);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_set_ciphersuites(nint context, byte* list);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_certificate(nint context, nint certificate);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_PrivateKey(nint context, nint key);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_get_cert_store(nint context);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_alpn_select_cb(
        nint context,
        delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback,
        nint argument);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Name)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Name)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Name)]
    public static partial nint SSL_get_rbio(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    public static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    public static partial int SSL_has_pending(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Name)]
    public static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Name)]
    public static partial int SSL_set_alpn_protos(nint ssl, byte* wire, uint length);

    [LibraryImport(Name)]
    public static partial void SSL_get0_alpn_selected(nint ssl, byte** name, uint* length);

    [LibraryImport(Name)]
    public static partial byte* SSL_get_servername(nint ssl, int type);

    [LibraryImport(Name)]
    public static partial int SSL_version(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_get_ex_data_X509_STORE_CTX_idx();
}
