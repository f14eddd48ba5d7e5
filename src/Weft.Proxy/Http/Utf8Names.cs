using System;
using System.Text;

namespace Weft.Proxy.Http;

/// <summary>Names of an enum's values as UTF-8, by number: made once, so that logging them allocates nothing.</summary>
internal static class Utf8Names
{
    public static byte[][] Of<T>(string prefix = "")
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var names = new byte[values.Length][];
        for (int i = 0; i < values.Length; i++) names[i] = Encoding.ASCII.GetBytes(prefix + values[i]);
        return names;
    }
}
