using System;

namespace Weft.Policy;

/// <summary>A duration that configuration may leave out. <c>default</c> is "not set", which differs from "set to zero" (Envoy: off).</summary>
public readonly record struct TimeLimit
{
    private readonly long _ticksPlusOne;

    private TimeLimit(long ticks) => _ticksPlusOne = ticks + 1;

    public static TimeLimit Unset => default;

    /// <summary>Zero: written down, and means "no limit".</summary>
    public static TimeLimit Off => new(0);

    public bool IsSet => _ticksPlusOne != 0;

    /// <summary>Set, and above zero.</summary>
    public bool IsLimit => _ticksPlusOne > 1;

    /// <summary>Ticks of 100 ns; 0 when unset or off.</summary>
    public long Ticks => _ticksPlusOne > 0 ? _ticksPlusOne - 1 : 0;

    public TimeSpan Value => new(Ticks);

    public static TimeLimit From(TimeSpan value) => new(value.Ticks < 0 ? 0 : value.Ticks);

    /// <summary>This if set, else <paramref name="fallback"/>.</summary>
    public TimeLimit Or(TimeLimit fallback) => IsSet ? this : fallback;

    public override string ToString() => IsSet ? Value.ToString() : "unset";
}
