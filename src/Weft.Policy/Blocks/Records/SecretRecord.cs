using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A trust bundle or certificate chain.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SecretRecord
{
    public SecretKind Kind;
    public int Reserved;
    public Text Pem;
}
