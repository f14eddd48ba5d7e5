using System;
using System.Collections.Generic;
using CsCheck;
using Weft.Buffers;

namespace Weft.Reactor.Tests;

public class TimerWheelTests
{
    [Fact]
    public void Advance_DelayPassed_FiresOnceAndNotBefore()
    {
        Target target = new();
        TimerWheel wheel = new(0);
        wheel.Schedule(100, target, 7);

        wheel.Advance(100);
        Assert.Empty(target.Fired);
        wheel.Advance(110);
        wheel.Advance(10_000);

        Assert.Equal([7], target.Fired);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Cancel_BeforeDue_NeverFires()
    {
        Target target = new();
        TimerWheel wheel = new(0);
        SlotToken timer = wheel.Schedule(100, target, 1);

        Assert.True(wheel.Cancel(timer));
        Assert.False(wheel.Cancel(timer));
        wheel.Advance(1_000_000);

        Assert.Empty(target.Fired);
    }

    [Fact]
    public void Cancel_SlotUsedAgain_LeavesTheNewTimerAlone()
    {
        Target target = new();
        TimerWheel wheel = new(0);
        SlotToken old = wheel.Schedule(10, target, 1);
        wheel.Cancel(old);
        SlotToken next = wheel.Schedule(10, target, 2);

        Assert.Equal(old.Index, next.Index);
        Assert.False(wheel.Cancel(old));
        Assert.False(wheel.Reschedule(old, 5000));
        wheel.Advance(1000);

        Assert.Equal([2], target.Fired);
    }

    [Fact]
    public void Reschedule_LaterAndEarlier_FiresAtTheLastWord()
    {
        Target target = new();
        TimerWheel wheel = new(0);
        SlotToken later = wheel.Schedule(100, target, 1);
        SlotToken earlier = wheel.Schedule(60_000, target, 2);

        wheel.Reschedule(later, 5_000);
        wheel.Reschedule(earlier, 200);
        wheel.Advance(300);
        Assert.Equal([2], target.Fired);
        wheel.Advance(4_900);
        Assert.Equal([2], target.Fired);
        wheel.Advance(5_100);

        Assert.Equal([2, 1], target.Fired);
    }

    [Fact]
    public void Advance_TargetCancelsItsNeighbour_NeighbourStaysSilent()
    {
        TimerWheel wheel = new(0);
        Target victim = new();
        SlotToken token = default;
        Target killer = new() { Then = _ => wheel.Cancel(token) };
        token = wheel.Schedule(50, victim, 1);
        // Chained at the head of the same slot, so it fires first.
        wheel.Schedule(50, killer, 2);

        wheel.Advance(1000);

        Assert.Equal([2], killer.Fired);
        Assert.Empty(victim.Fired);
    }

    [Fact]
    public void MillisecondsToNext_NothingRuns_IsForEver() => Assert.Equal(-1, new TimerWheel(123_456).MillisecondsToNext(123_456));

    [Fact]
    public void Advance_AnyDelays_FireNeitherEarlyNorMoreThanATickLate()
    {
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 3_000_000].Array[1, 200], Gen.Long[1, 50_000].Array[1, 50]).Sample((start, delays, steps) =>
        {
            TimerWheel wheel = new(start);
            long now = start;
            long previous = start;
            Dictionary<int, long> due = [];
            Target target = new();
            target.Then = kind =>
            {
                // It fires in the first Advance at or after its time, and one tick of grace.
                Assert.True(due[kind] <= now, "early");
                Assert.True(due[kind] + (2 * TimerWheel.TickMilliseconds) > previous, "late");
            };
            for (int index = 0; index < delays.Length; index++)
            {
                due[index] = now + delays[index];
                wheel.Schedule(delays[index], target, index);
            }

            for (int index = 0; wheel.Count > 0; index++)
            {
                // Asleep for no longer than the wheel asks, as a loop is.
                int wait = wheel.MillisecondsToNext(now);
                previous = now;
                now += Math.Max(1, Math.Min(wait, steps[index % steps.Length]));
                wheel.Advance(now);
            }

            Assert.Equal(delays.Length, target.Fired.Count);
        }, iter: 300);
    }

    private sealed class Target : ITimerTarget
    {
        public List<int> Fired { get; } = [];

        public Action<int>? Then { get; set; }

        public void OnTimer(int kind)
        {
            Fired.Add(kind);
            Then?.Invoke(kind);
        }
    }
}
