using System.Globalization;

namespace Weft.Config.Core;

/// <summary>Kubernetes' IntOrString: a port by number or by name, a share by count or by percentage.</summary>
/// <param name="Number">The number when <paramref name="Text"/> is null.</param>
/// <param name="Text">The name or percentage, or null.</param>
public readonly record struct IntOrString(int Number, string? Text)
{
    public bool IsNumber => Text is null;

    public static implicit operator IntOrString(int number) => new(number, null);

    public static IntOrString FromInt32(int number) => new(number, null);

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
