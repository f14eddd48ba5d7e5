using System;

namespace Weft.Identity;

/// <summary>When a certificate is renewed: at half its life, give or take a tenth of it, so that pods that start together do not renew together.</summary>
public static class RotationSchedule
{
    /// <summary>The share of a lifetime by which renewals are spread to both sides of its half.</summary>
    public const double JitterShare = 0.1;

    /// <summary>Pure. <paramref name="draw"/> is uniform in [0, 1).</summary>
    public static DateTimeOffset RenewAt(DateTimeOffset notBefore, DateTimeOffset notAfter, double draw)
    {
        var life = notAfter - notBefore;
        if (life <= TimeSpan.Zero) return notBefore;
        var share = 0.5 + (((Math.Clamp(draw, 0, 1) * 2) - 1) * JitterShare);
        return notBefore + (life * share);
    }

    /// <summary>
    /// How long to wait after the <paramref name="failures"/>th failed renewal in a row: full jitter over a doubling interval from 1 s to 60 s,
    /// but never past the tenth of what is left of the life, so that a short-lived certificate is tried often enough.
    /// </summary>
    public static TimeSpan RetryAfter(int failures, TimeSpan left, double draw)
    {
        var ceiling = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Clamp(failures - 1, 0, 6))));
        var tenth = left / 10;
        if (tenth > TimeSpan.FromSeconds(1) && tenth < ceiling) ceiling = tenth;
        return TimeSpan.FromMilliseconds(250) + (ceiling * Math.Clamp(draw, 0, 1));
    }
}
