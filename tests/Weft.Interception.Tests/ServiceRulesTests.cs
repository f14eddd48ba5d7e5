using System.Linq;

namespace Weft.Interception.Tests;

public sealed class ServiceRulesTests
{
    [Fact]
    public void Build_ThreeEndpoints_GetEqualShares()
    {
        RuleTable table = ServiceRules.Build([new ServiceBackend("10.96.0.5", 80, ["10.244.1.1:8080", "10.244.1.2:8080", "10.244.1.3:8080"]), new ServiceBackend("10.96.0.6", 80, [])]);

        Assert.Equal(
        [
            "-A WEFT_SERVICES -d 10.96.0.5/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33333333333 -j DNAT --to-destination 10.244.1.1:8080",
            "-A WEFT_SERVICES -d 10.96.0.5/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 10.244.1.2:8080",
            "-A WEFT_SERVICES -d 10.96.0.5/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.1.3:8080",
        ], table.RulesOf(ServiceRules.Services).Select(rule => rule.ToString()));
        Assert.DoesNotContain(ServiceRules.Update(table).Rules, rule => rule.Chain == "OUTPUT");
    }
}
