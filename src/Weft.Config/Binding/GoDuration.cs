using System;
using System.Buffers;
using System.Globalization;

namespace Weft.Config;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>, <c>-2m</c>, <c>0</c>. Precision of <see cref="TimeSpan"/>: 100 ns, the rest is cut.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>False when the text is no duration or does not fit.</summary>
    public static bool TryParse(string text, out TimeSpan value) => TryParse(text, out value, out _);

    /// <summary>See <see cref="TryParse(string, out TimeSpan)"/>.</summary>
    /// <param name="text">For example <c>1h30m</c>.</param>
    /// <param name="value">The duration.</param>
    /// <param name="isWholeMilliseconds">False when the text is finer than a millisecond, which Istio refuses.</param>
    public static bool TryParse(string text, out TimeSpan value, out bool isWholeMilliseconds)
    {
        value = default;
        isWholeMilliseconds = true;
        ReadOnlySpan<char> rest = text;
        bool isNegative = rest.StartsWith('-');
        if (isNegative || rest.StartsWith('+'))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        decimal ticks = 0;
        if (rest.IsEmpty || text.Length > 64)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            int number = rest.IndexOfAnyExcept(NumberCharacters);
            if (number <= 0 || !decimal.TryParse(rest[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
            {
                return false;
            }

            rest = rest[number..];
            int unitEnd = rest.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = unitEnd < 0 ? rest : rest[..unitEnd];
            decimal scale = unit switch
            {
                "ns" => 0.01m,
                "us" or "µs" or "μs" => 10m,
                "ms" => TimeSpan.TicksPerMillisecond,
                "s" => TimeSpan.TicksPerSecond,
                "m" => TimeSpan.TicksPerMinute,
                "h" => TimeSpan.TicksPerHour,
                _ => 0m,
            };
            if (scale == 0 || amount > 1_000_000_000_000_000m)
            {
                return false;
            }

            ticks += amount * scale;
            rest = rest[unit.Length..];
        }

        if (ticks > long.MaxValue)
        {
            return false;
        }

        isWholeMilliseconds = ticks % TimeSpan.TicksPerMillisecond == 0;
        value = TimeSpan.FromTicks(isNegative ? -(long)ticks : (long)ticks);
        return true;
    }

    /// <summary>As Go prints it: <c>1h30m0s</c>, <c>1.5s</c>, <c>250ms</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero)
        {
            return "-" + Format(-value);
        }

        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        if (value < TimeSpan.FromSeconds(1))
        {
            return value.TotalMilliseconds >= 1
                ? value.TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture) + "ms"
                : value.TotalMicroseconds.ToString("0.###", CultureInfo.InvariantCulture) + "µs";
        }

        decimal seconds = (value.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        string text = seconds.ToString("0.#######", CultureInfo.InvariantCulture) + "s";
        long minutes = value.Ticks / TimeSpan.TicksPerMinute;
        return minutes == 0 ? text
            : minutes < 60 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{text}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{minutes % 60}m{text}");
    }
}
