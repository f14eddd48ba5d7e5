using System;
using System.Collections.Generic;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Config;

/// <summary>
/// Parser events in, one tree out. Keeps its own stack, so that nesting costs heap and a limit rather than the thread's stack. Counts nodes with aliases
/// expanded: the "billion laughs" ends at <see cref="ReadLimits.MaxNodes"/>.
/// </summary>
internal sealed class YamlTreeBuilder(string? file, int lineOffset, ReadLimits limits)
{
    private readonly Stack<Frame> _open = new();
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private ResourceNode? _root;
    private int _nodes;

    internal Diagnostic? Problem { get; private set; }

    internal void Begin()
    {
        _open.Clear();
        _anchors.Clear();
        _root = null;
        _nodes = 0;
    }

    internal ResourceNode? End() => _root;

    internal Diagnostic Fault(string code, int line, int column, string message) =>
        new(DiagnosticSeverity.Error, code, new SourceLocation(file, Math.Max(1, line) + lineOffset, Math.Max(1, column)), null, "", message);

    internal void Push(ParsingEvent item)
    {
        int line = (int)item.Start.Line;
        int column = (int)item.Start.Column;
        switch (item)
        {
            case Scalar scalar:
                PushScalar(scalar, line, column);
                break;
            case AnchorAlias alias:
                PushAlias(alias, line, column);
                break;
            case MappingStart start:
                Open(isMapping: true, start.Anchor, line, column);
                break;
            case SequenceStart start:
                Open(isMapping: false, start.Anchor, line, column);
                break;
            case MappingEnd or SequenceEnd:
                CloseTop();
                break;
            default:
                break;
        }
    }

    private void Open(bool isMapping, AnchorName anchor, int line, int column)
    {
        if (_open.Count >= limits.MaxDepth)
        {
            Fail(DiagnosticCodes.TooLarge, line, column, $"Nested deeper than {limits.MaxDepth} levels.");
            return;
        }

        if (_open.TryPeek(out Frame? parent) && parent is { IsMapping: true, Key: null })
        {
            Fail(DiagnosticCodes.Syntax, line, column, "A key must be plain text, not a list or a mapping.");
            return;
        }

        _open.Push(new Frame(isMapping, anchor.IsEmpty ? null : anchor.Value, line, column, _nodes));
    }

    private void CloseTop()
    {
        Frame frame = _open.Pop();
        ResourceNode node = frame.IsMapping
            ? ResourceNode.Mapping(frame.Finish(), frame.Line + lineOffset, frame.Column)
            : ResourceNode.Sequence(frame.Items!, frame.Line + lineOffset, frame.Column);
        Add(node, frame.Anchor, new Anchored(node, 1 + _nodes - frame.NodesBefore, frame.Height + 1), 1);
    }

    private void PushScalar(Scalar scalar, int line, int column)
    {
        if (!YamlScalars.TryResolve(scalar, line + lineOffset, column, out ResourceNode node, out string? wrong))
        {
            Fail(DiagnosticCodes.InvalidValue, line, column, wrong!);
            return;
        }

        if (_open.TryPeek(out Frame? frame) && frame is { IsMapping: true, Key: null })
        {
            PushKey(frame, scalar, node, line, column);
            return;
        }

        Add(node, scalar.Anchor.IsEmpty ? null : scalar.Anchor.Value, new Anchored(node, 1, 0), 1);
    }

    private void PushKey(Frame frame, Scalar scalar, ResourceNode node, int line, int column)
    {
        if (node.IsNull)
        {
            Fail(DiagnosticCodes.Syntax, line, column, "A key is empty; write a name before the colon.");
            return;
        }

        frame.Key = node.Text;
        frame.KeyLine = line + lineOffset;
        frame.KeyColumn = column;
        frame.IsMergeKey = scalar is { Value: "<<", Style: ScalarStyle.Plain };
        if (!frame.IsMergeKey && !frame.Names!.Add(node.Text))
        {
            Fail(DiagnosticCodes.DuplicateKey, line, column, $"The key \"{node.Text}\" is written twice in this mapping; remove one.");
        }
    }

    private void PushAlias(AnchorAlias alias, int line, int column)
    {
        if (_open.TryPeek(out Frame? frame) && frame is { IsMapping: true, Key: null })
        {
            Fail(DiagnosticCodes.Syntax, line, column, "An alias cannot be a key here; write the name.");
        }
        else if (!_anchors.TryGetValue(alias.Value.Value, out Anchored known))
        {
            Fail(DiagnosticCodes.Syntax, line, column, $"The alias *{alias.Value.Value} has no anchor &{alias.Value.Value} before it.");
        }
        else if (_open.Count + known.Height > limits.MaxDepth)
        {
            // Without this a chain of anchors, each one level below the limit, would nest without end and overflow whoever walks the tree.
            Fail(DiagnosticCodes.TooLarge, line, column, $"Nested deeper than {limits.MaxDepth} levels once aliases are expanded.");
        }
        else
        {
            Add(known.Node, null, known, known.Size);
        }
    }

    private void Add(ResourceNode node, string? anchor, Anchored size, int newNodes)
    {
        _nodes += newNodes;
        if (_nodes > limits.MaxNodes)
        {
            Fail(DiagnosticCodes.TooLarge, node.Line - lineOffset, node.Column, $"More than {limits.MaxNodes} values once aliases are expanded.");
            return;
        }

        if (anchor is not null)
        {
            _anchors[anchor] = size;
        }

        if (!_open.TryPeek(out Frame? frame))
        {
            _root = node;
            return;
        }

        frame.Height = Math.Max(frame.Height, size.Height);
        if (!frame.IsMapping)
        {
            frame.Items!.Add(node);
        }
        else if (frame.IsMergeKey)
        {
            if (!frame.TryMerge(node))
            {
                Fail(DiagnosticCodes.Syntax, frame.KeyLine - lineOffset, frame.KeyColumn, "The merge key << takes a mapping or a list of mappings.");
            }

            frame.Key = null;
        }
        else
        {
            frame.Entries!.Add(new NodeEntry(frame.Key!, node, frame.KeyLine, frame.KeyColumn));
            frame.Key = null;
        }
    }

    private void Fail(string code, int line, int column, string message) => Problem ??= Fault(code, line, column, message);

    /// <summary>A node that an alias may repeat: with how many values it stands for and how many levels it has below itself.</summary>
    private readonly record struct Anchored(ResourceNode Node, int Size, int Height);

    /// <summary>A mapping or sequence whose end has not been seen.</summary>
    private sealed class Frame(bool isMapping, string? anchor, int line, int column, int nodesBefore)
    {
        private List<NodeEntry>? _merged;

        internal bool IsMapping => isMapping;

        internal string? Anchor => anchor;

        internal int Line => line;

        internal int Column => column;

        internal int NodesBefore => nodesBefore;

        internal List<ResourceNode>? Items { get; } = isMapping ? null : [];

        internal List<NodeEntry>? Entries { get; } = isMapping ? [] : null;

        internal HashSet<string>? Names { get; } = isMapping ? new(StringComparer.Ordinal) : null;

        internal string? Key { get; set; }

        internal int KeyLine { get; set; }

        internal int KeyColumn { get; set; }

        internal bool IsMergeKey { get; set; }

        internal int Height { get; set; }

        internal bool TryMerge(ResourceNode node)
        {
            _merged ??= [];
            if (node.Kind == NodeKind.Mapping)
            {
                _merged.AddRange(node.Entries);
                return true;
            }

            bool allMappings = node.Kind == NodeKind.Sequence;
            foreach (ResourceNode item in node.Items)
            {
                allMappings &= item.Kind == NodeKind.Mapping;
                _merged.AddRange(item.Entries);
            }

            return allMappings;
        }

        /// <summary>The entries written, then those merged in that are not there yet: what is written here wins, then the earlier source.</summary>
        internal List<NodeEntry> Finish()
        {
            foreach (NodeEntry entry in _merged ?? [])
            {
                if (Names!.Add(entry.Name))
                {
                    Entries!.Add(entry);
                }
            }

            return Entries!;
        }
    }
}
