namespace Weft.Control.Model;

/// <summary>One comparison of text: Istio's StringMatch plus the forms Gateway API needs.</summary>
public readonly record struct TextMatch(TextMatchKind Kind, string Value)
{
    public static TextMatch Present => new(TextMatchKind.Present, "");
}
