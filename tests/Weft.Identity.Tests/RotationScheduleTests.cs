using System;

namespace Weft.Identity.Tests;

public sealed class RotationScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0, 9.6)]
    [InlineData(0.5, 12.0)]
    [InlineData(1.0, 14.4)]
    public void RenewAt_TwentyFourHours_IsHalfWayGiveOrTakeATenth(double draw, double hours) =>
        Assert.Equal(hours, (RotationSchedule.RenewAt(Start, Start.AddHours(24), draw) - Start).TotalHours, 6);

    [Fact]
    public void RenewAt_NoLife_IsAtOnce() => Assert.Equal(Start, RotationSchedule.RenewAt(Start, Start, 0.7));

    [Fact]
    public void RetryAfter_ManyFailures_NeverWaitsMoreThanAMinuteNorATenthOfWhatIsLeft()
    {
        for (var failures = 1; failures < 20; failures++)
        {
            Assert.InRange(RotationSchedule.RetryAfter(failures, TimeSpan.FromHours(12), 1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60.25));
            Assert.InRange(RotationSchedule.RetryAfter(failures, TimeSpan.FromSeconds(60), 1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6.25));
        }
    }
}
