namespace Weft.Policy.Regex;

/// <summary>Instructions of the byte automaton.</summary>
internal enum RegexOp
{
    Match,
    Byte,
    Split,
    Save,
    Begin,
    End,
}
