using System;
using System.Text;
using Weft.Native.OpenSsl;

namespace Weft.Native.Tests;

public class AlpnListTests
{
    [Fact]
    public void TrySelect_SeveralInCommon_TakesOurFirst()
    {
        AlpnList ours = new(["istio", "h2", "http/1.1"]);
        AlpnList offered = new(["http/1.1", "h2"]);

        Assert.True(ours.TrySelect(offered.Wire, out Range selected));
        Assert.Equal("h2", Encoding.ASCII.GetString(offered.Wire[selected]));
    }

    [Fact]
    public void TrySelect_NothingInCommonOrDamagedOffer_SelectsNothing()
    {
        AlpnList ours = new(["h2"]);

        Assert.False(ours.TrySelect(new AlpnList(["http/1.1"]).Wire, out _));
        Assert.False(ours.TrySelect([], out _));
        // The last length byte promises more than there is.
        Assert.False(ours.TrySelect([5, (byte)'h', (byte)'2'], out _));
        Assert.False(AlpnList.None.TrySelect(new AlpnList(["h2"]).Wire, out _));
    }

    [Fact]
    public void New_EmptyOrLongName_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new AlpnList([string.Empty]));
        Assert.Throws<ArgumentException>(() => new AlpnList([new string('a', 256)]));
    }
}
