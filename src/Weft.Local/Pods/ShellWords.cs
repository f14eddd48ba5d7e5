using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Local.Pods;

/// <summary>Splits a command into words as a shell does: blanks, quotes, backslash. No expansion of any kind.</summary>
public static class ShellWords
{
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> words = [];
        StringBuilder word = new();
        bool isWord = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool escapes = c == '\\' && i + 1 < text.Length && quote != '\'' && (quote == '\0' || text[i + 1] is '"' or '\\' or '$' or '`');
            if (escapes)
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"a quote ({quote}) is not closed in: {text}");
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
