using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Weft.Interception;

/// <summary>Reads what iptables-save prints and writes what iptables-restore takes.</summary>
public static class IptablesText
{
    /// <summary>
    /// Text for <c>iptables-restore --noflush</c>: <paramref name="table"/>'s own chains anew, its lines in built-in chains
    /// appended. Declaring an own chain empties it, so the text is right on an empty table and on a half-made one.
    /// </summary>
    public static string Render(RuleTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        StringBuilder text = new();
        text.Append('*').Append(table.Name).Append('\n');
        foreach (string chain in table.Chains)
        {
            text.Append(':').Append(chain).Append(" - [0:0]\n");
        }

        foreach (Rule rule in table.Rules)
        {
            text.Append(rule).Append('\n');
        }

        return text.Append("COMMIT\n").ToString();
    }

    /// <summary>The tables in the output of iptables-save, iptables-legacy-save or iptables-nft-save.</summary>
    public static IReadOnlyList<RuleTable> Parse(string saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        List<RuleTable> tables = [];
        List<string> chains = [];
        List<Rule> rules = [];
        string? name = null;
        foreach (string line in saved.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (line[0])
            {
                case '*':
                    (name, chains, rules) = (line[1..], [], []);
                    break;
                case ':' when line.Split(' ') is [var chain, ..]:
                    chains.Add(chain[1..]);
                    break;
                case '-' or '[' when ParseRule(line) is { } rule:
                    rules.Add(rule);
                    break;
                case 'C' when name is not null:
                    tables.Add(new RuleTable(name, chains, rules));
                    name = null;
                    break;
            }
        }

        return tables;
    }

    private static Rule? ParseRule(string line)
    {
        List<string> words = Words(line);
        if (words.Count > 0 && words[0].StartsWith('['))
        {
            words.RemoveAt(0);
        }

        if (words.Count < 2 || words[0] != "-A")
        {
            return null;
        }

        List<RuleMatch> matches = [];
        string target = string.Empty;
        List<string> targetWords = [];
        bool isNegated = false;
        for (int i = 2; i < words.Count; i++)
        {
            if (words[i] == "!")
            {
                isNegated = true;
                continue;
            }

            if (words[i] is "-j" or "-g")
            {
                target = i + 1 < words.Count ? words[i + 1] : string.Empty;
                targetWords = [.. words.Skip(i + 2)];
                break;
            }

            bool hasValue = i + 1 < words.Count && !words[i + 1].StartsWith('-');
            if (words[i] != "-m")
            {
                matches.Add(new RuleMatch(words[i], hasValue ? ValueOf(words[i], words[i + 1]) : string.Empty, isNegated));
            }

            isNegated = false;
            i += hasValue ? 1 : 0;
        }

        return new Rule(words[1], [.. matches.OrderBy(match => Order(match.Option))], target,
            targetWords.Count > 0 ? targetWords[0] : null, targetWords.Count > 0 ? string.Join(' ', targetWords.Skip(1)) : null);
    }

    /// <summary>iptables prints addresses first, then interfaces, protocol, and the modules' options.</summary>
    private static int Order(string option) => option switch { "-s" => 0, "-d" => 1, "-i" => 2, "-o" => 3, "-p" => 4, "--dport" or "--sport" => 5, _ => 6 };

    private static string ValueOf(string option, string value) => option switch
    {
        "-s" or "-d" when !value.Contains('/', StringComparison.Ordinal) => value + "/32",
        "--mark" when value.EndsWith("/0xffffffff", StringComparison.Ordinal) => value[..^"/0xffffffff".Length],
        _ => value,
    };

    /// <summary>Words of a line; a quoted comment is one word.</summary>
    private static List<string> Words(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isQuoted = false;
        bool isWord = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                isWord = true;
            }
            else if (c == ' ' && !isQuoted)
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

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
