using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Weft.Fuzz;

/// <summary>
/// The seeds under <c>fuzz/corpus/TARGET/</c>. Attack cases are written there by <c>Weft.Fuzz seeds</c> so that outside fuzzers begin from them;
/// what a fuzzer finds is added as a file and stays as a test.
/// </summary>
public static class Corpus
{
    public static IEnumerable<(string Name, byte[] Bytes)> Read(string root, string target)
    {
        string folder = Path.Combine(root, target);
        if (!Directory.Exists(folder)) yield break;
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)) yield return (Path.GetFileName(file), File.ReadAllBytes(file));
    }

    /// <summary>File and content of every generated seed. Those above 16 KiB stay out of the repository; tests have them from the code.</summary>
    public static IEnumerable<(string Target, string File, byte[] Bytes)> Generated()
    {
        foreach (AttackCase attack in AttackCases.All.Where(one => one.Bytes.Length <= 16 * 1024))
        {
            yield return (attack.IsResponse ? "http1-response" : "http1-request", FileName(attack.Name), Encoding.Latin1.GetBytes(attack.Bytes));
        }

        foreach ((string target, string name, string text) in Seeds.Text) yield return (target, FileName(name), Encoding.Latin1.GetBytes(text));
        foreach ((string name, byte[] hello) in Seeds.ClientHellos) yield return ("client-hello", FileName(name), hello);
    }

    public static void Write(string root)
    {
        foreach ((string target, string file, byte[] bytes) in Generated())
        {
            Directory.CreateDirectory(Path.Combine(root, target));
            File.WriteAllBytes(Path.Combine(root, target, file), bytes);
        }
    }

    /// <summary>The name with anything but letters and digits as its number, so that names that differ in one odd character stay apart.</summary>
    private static string FileName(string name)
    {
        var file = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-') file.Append(c);
            else if (c == ' ') file.Append('_');
            else if (c != '\'') file.Append('~').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return file.ToString();
    }
}
