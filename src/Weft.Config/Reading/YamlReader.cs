using System;
using System.Collections.Generic;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Config;

/// <summary>
/// Reads multi-document YAML into <see cref="ResourceNode"/> trees that keep line and column, on YamlDotNet's parser events alone (its serializer needs
/// reflection, which Native AOT takes away). Booleans, numbers and nulls resolve as in Kubernetes' own reader (YAML 1.1 words: <c>yes</c>, <c>on</c>);
/// anchors, aliases and merge keys work; duplicate keys are errors. Pure; any thread; never throws on bad input.
/// </summary>
public static class YamlReader
{
    /// <summary>
    /// Reads a text. The documents are told apart before they are parsed, so one that is broken costs only itself.
    /// </summary>
    /// <param name="text">The whole text of a file.</param>
    /// <param name="file">Name to report.</param>
    /// <param name="limits">Null for the defaults.</param>
    public static ParsedDocuments Read(string text, string? file, ReadLimits? limits = null)
    {
        ReadLimits allowed = limits ?? ReadLimits.Default;
        var documents = new List<ResourceNode>();
        var diagnostics = new List<Diagnostic>();
        if (text.Length > allowed.MaxBytes)
        {
            diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, DiagnosticCodes.TooLarge, new SourceLocation(file, 0, 0), null, "",
                $"The file is larger than {allowed.MaxBytes} bytes; split it."));
            return new ParsedDocuments(documents, diagnostics) { IsIncomplete = true };
        }

        bool isIncomplete = false;
        foreach (YamlChunk chunk in YamlChunks.Split(text))
        {
            int before = documents.Count;
            var tree = new YamlTreeBuilder(file, chunk.FirstLine - 1, allowed);
            if (!Parse(chunk.Text, tree, documents, out Diagnostic? problem))
            {
                documents.RemoveRange(before, documents.Count - before);
                diagnostics.Add(problem!);
                isIncomplete = true;
            }
        }

        return new ParsedDocuments(documents, diagnostics) { IsIncomplete = isIncomplete };
    }

    private static bool Parse(string text, YamlTreeBuilder tree, List<ResourceNode> documents, out Diagnostic? problem)
    {
        try
        {
            // skipComments: positions of nodes do not depend on comments, and we keep none.
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            while (parser.MoveNext())
            {
                ParsingEvent item = parser.Current!;
                if (item is DocumentStart)
                {
                    tree.Begin();
                }
                else if (item is DocumentEnd)
                {
                    if (tree.End() is { IsNull: false } root)
                    {
                        documents.Add(root);
                    }
                }
                else
                {
                    tree.Push(item);
                }

                if (tree.Problem is not null)
                {
                    problem = tree.Problem;
                    return false;
                }
            }

            problem = null;
            return true;
        }
        catch (YamlException e)
        {
            problem = tree.Fault(DiagnosticCodes.Syntax, (int)e.Start.Line, (int)e.Start.Column, Explain(e.Message));
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // YamlDotNet's scanner lets a few framework exceptions through on odd bytes; for us they are one more way of being broken.
            problem = tree.Fault(DiagnosticCodes.Syntax, 1, 1, $"This document cannot be read as YAML ({e.Message.TrimEnd('.')}).");
            return false;
        }
    }

    private static string Explain(string message)
    {
        // YamlDotNet prefixes its message with "(Line: …, Col: …) - (…): "; the place is already in the location.
        int end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        string text = (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');
        return text.Contains("tab", StringComparison.OrdinalIgnoreCase)
            ? $"Not valid YAML: {text}. Indent with spaces."
            : $"Not valid YAML: {text}.";
    }
}
