namespace Weft.Native.OpenSsl;

internal static class OpenSslText
{
    public static string? VerifyError(int code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string? LibraryError(ulong code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
