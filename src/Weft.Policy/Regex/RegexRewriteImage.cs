using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Weft.Policy.Regex;

/// <summary>A rewrite as it lies in a block: header, instructions, parts of the substitution, literal bytes.</summary>
internal readonly ref struct RegexRewriteImage
{
    /// <summary>Bounds a loop's scratch memory (about 50 integers an instruction); a larger rewrite is refused.</summary>
    public const int MaxInstructions = 4000;

    private const int HeaderSize = 16;
    private const int PartSize = 12;

    private readonly ReadOnlySpan<byte> _image;

    public RegexRewriteImage(ReadOnlySpan<byte> image) => _image = image;

    private ref readonly Header Head => ref MemoryMarshal.AsRef<Header>(_image);

    public int Start => Head.Start;

    /// <summary>Two for each group from 0.</summary>
    public int Slots => Head.Slots;

    public ReadOnlySpan<RegexInstruction> Instructions
        => MemoryMarshal.Cast<byte, RegexInstruction>(_image.Slice(HeaderSize, Head.Instructions * 16));

    public ReadOnlySpan<Part> Parts
        => MemoryMarshal.Cast<byte, Part>(_image.Slice(HeaderSize + Head.Instructions * 16, Head.Parts * PartSize));

    public ReadOnlySpan<byte> Literal(in Part part)
        => _image.Slice(HeaderSize + Head.Instructions * 16 + Head.Parts * PartSize + part.Offset, part.Length);

    public static byte[] Write(RegexProgram program, RegexSubstitution substitution)
    {
        RegexInstruction[] instructions = [.. program.Instructions];
        if (instructions.Length > MaxInstructions)
            throw new RegexSyntaxException($"regular expression too large for a rewrite: more than {MaxInstructions} instructions");
        var parts = new List<Part>();
        var literals = new List<byte>();
        foreach ((int group, byte[] literal) in substitution.Parts)
        {
            parts.Add(new Part { Group = group, Offset = literals.Count, Length = literal.Length });
            literals.AddRange(literal);
        }

        var header = new Header
        {
            Instructions = instructions.Length,
            Start = program.Start,
            Slots = (substitution.LastGroup + 1) * 2,
            Parts = parts.Count,
        };
        return
        [
            .. MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)),
            .. MemoryMarshal.AsBytes(instructions.AsSpan()),
            .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(parts)),
            .. literals,
        ];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Header
    {
        public int Instructions;
        public int Start;
        public int Slots;
        public int Parts;
    }

    /// <summary>A piece of the substitution.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Part
    {
        /// <summary>-1 for a literal.</summary>
        public int Group;
        public int Offset;
        public int Length;
    }
}
