using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Local.Controllers;

/// <summary>
/// Names a pod template by what it means: the same template, differently written or commented, gives the same word, so that
/// only a real change replaces pods.
/// </summary>
public static class PodTemplateHash
{
    /// <summary>Kubernetes' alphabet for generated names: no vowels, nothing that looks like something else.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Ten letters, as Kubernetes' pod-template-hash has them at most.</summary>
    public static string Of(PodTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        StringBuilder text = new();
        foreach ((string key, string value) in template.Metadata.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            text.Append("l:").Append(key).Append('=').Append(value).Append('\n');
        }

        foreach ((string key, string value) in template.Metadata.Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            if (!key.StartsWith(SourceMaps.Prefix, StringComparison.Ordinal))
            {
                text.Append("a:").Append(key).Append('=').Append(value).Append('\n');
            }
        }

        Append(text, template.Spec.Node);
        return Word(text.ToString(), 10);
    }

    /// <summary>A word of <paramref name="length"/> letters that depends on <paramref name="text"/> only.</summary>
    public static string Word(string text, int length)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(length, hash, static (span, bytes) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    private static void Append(StringBuilder text, ResourceNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Mapping:
                text.Append('{');
                foreach (NodeEntry entry in node.Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    text.Append(entry.Name).Append(':');
                    Append(text, entry.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case NodeKind.Sequence:
                text.Append('[');
                foreach (ResourceNode item in node.Items)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                // Length first, so that no text can look like structure.
                text.Append(node.Text.Length).Append('~').Append(node.Text);
                break;
        }
    }
}
