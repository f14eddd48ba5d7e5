using System;
using System.Globalization;
using System.Numerics;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Config;

/// <summary>
/// What a YAML scalar is, by the rules of the reader that Kubernetes uses (goyaml v2, YAML 1.1 words): plain <c>y</c>, <c>yes</c>, <c>on</c> are booleans,
/// <c>0777</c>, <c>0o777</c>, <c>0x1f</c> and <c>1_000</c> are integers, quoted text is always text.
/// </summary>
internal static class YamlScalars
{
    private const string Core = "tag:yaml.org,2002:";

    internal static bool TryResolve(Scalar scalar, int line, int column, out ResourceNode node, out string? wrong)
    {
        wrong = null;
        string text = scalar.Value;
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            return TryResolveTagged(scalar.Tag.Value, text, line, column, out node, out wrong);
        }

        if (scalar.Style != ScalarStyle.Plain || scalar.Tag.IsNonSpecific)
        {
            node = ResourceNode.String(text, line, column);
            return true;
        }

        return TryResolvePlain(text, line, column, out node, out wrong);
    }

    /// <summary>True when a plain text would be read as something else than text: what an error about a label's value says.</summary>
    internal static bool IsBooleanWord(string text, out bool value)
    {
        switch (text)
        {
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                value = true;
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                value = false;
                return true;
            default:
                value = false;
                return false;
        }
    }

    private static bool TryResolvePlain(string text, int line, int column, out ResourceNode node, out string? wrong)
    {
        wrong = null;
        if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            node = ResourceNode.NullAt(line, column);
        }
        else if (IsBooleanWord(text, out bool boolean))
        {
            node = ResourceNode.Boolean(boolean, line, column);
        }
        else if (IsSpecialFloat(text))
        {
            node = ResourceNode.Null;
            wrong = $"{text} is a number that Kubernetes objects cannot hold; quote it if text is meant.";
            return false;
        }
        else if (TryNumber(text, out string? literal))
        {
            node = ResourceNode.NumberLiteral(literal, line, column);
        }
        else
        {
            node = ResourceNode.String(text, line, column);
        }

        return true;
    }

    private static bool TryResolveTagged(string tag, string text, int line, int column, out ResourceNode node, out string? wrong)
    {
        wrong = null;
        string name = tag.StartsWith(Core, StringComparison.Ordinal) ? tag[Core.Length..] : tag;
        switch (name)
        {
            case "int" or "float":
                if (TryNumber(text, out string? literal))
                {
                    node = ResourceNode.NumberLiteral(literal, line, column);
                    return true;
                }

                break;
            case "bool":
                if (IsBooleanWord(text, out bool boolean))
                {
                    node = ResourceNode.Boolean(boolean, line, column);
                    return true;
                }

                break;
            case "null":
                node = ResourceNode.NullAt(line, column);
                return true;
            case "binary":
                byte[] bytes = new byte[text.Length];
                if (Convert.TryFromBase64String(text, bytes, out int length))
                {
                    node = ResourceNode.String(Encoding.UTF8.GetString(bytes, 0, length), line, column);
                    return true;
                }

                break;
            default:
                node = ResourceNode.String(text, line, column);
                return true;
        }

        node = ResourceNode.Null;
        wrong = $"\"{text}\" is not a {name}, as its tag !!{name} says.";
        return false;
    }

    private static bool IsSpecialFloat(string text) =>
        text is ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF";

    /// <summary>A number in any of the forms Go's reader takes, as a JSON literal.</summary>
    internal static bool TryNumber(string text, out string literal)
    {
        literal = text;
        if (text.Length == 0 || text.Length > 400 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
        {
            return false;
        }

        string plain = text.Replace("_", "", StringComparison.Ordinal);
        bool isNegative = plain.StartsWith('-');
        ReadOnlySpan<char> digits = plain.AsSpan(isNegative || plain.StartsWith('+') ? 1 : 0);
        if (digits.IsEmpty)
        {
            return false;
        }

        if (TryInteger(digits, out BigInteger value))
        {
            literal = (isNegative ? -value : value).ToString(CultureInfo.InvariantCulture);
            return true;
        }

        return IsFloat(digits) && TryFloatLiteral(plain, out literal);
    }

    private static bool TryInteger(ReadOnlySpan<char> digits, out BigInteger value)
    {
        value = default;
        int radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (radix, int skip) = digits[1] switch
            {
                'x' or 'X' => (16, 2),
                'b' or 'B' => (2, 2),
                'o' or 'O' => (8, 2),
                _ => (8, 1),
            };
            digits = digits[skip..];
        }

        if (digits.IsEmpty)
        {
            return false;
        }

        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : -1;
            if (digit < 0 || digit >= radix)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        return true;
    }

    /// <summary>Go's <c>^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$</c> without the sign.</summary>
    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        int at = 0;
        int whole = Digits(text, ref at);
        int fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
            {
                at++;
            }

            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        return at == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int at)
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at - from;
    }

    private static bool TryFloatLiteral(string plain, out string literal)
    {
        literal = plain;
        if (!double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            return false;
        }

        literal = value.ToString("R", CultureInfo.InvariantCulture);
        return true;
    }
}
