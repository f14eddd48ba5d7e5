using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;

namespace Weft.Local.Tests;

public sealed class DeploymentPlanTests
{
    [Fact]
    public void Plan_NothingThere_CreatesEveryReplicaUnderNamesThatARepeatGivesAgain()
    {
        Resource<Deployment> web = Given.Deployment("web", replicas: 3);

        DeploymentPlan plan = DeploymentPlan.Make(web, []);

        Assert.Equal(3, plan.Create.Distinct().Count());
        Assert.All(plan.Create, name => Assert.Matches("^web-[a-z0-9]{10}-[a-z0-9]{5}$", name));
        Assert.Equal(plan.Create, DeploymentPlan.Make(web, []).Create);
    }

    [Fact]
    public void Plan_AsManyAsWanted_DoesNothing()
    {
        Resource<Deployment> web = Given.Deployment("web", replicas: 2);

        DeploymentPlan plan = DeploymentPlan.Make(web, [Given.PodOf(web, 0), Given.PodOf(web, 1)]);

        Assert.Empty(plan.Create);
        Assert.Empty(plan.Delete);
    }

    [Fact]
    public void Plan_FewerReplicas_GivesUpThePodThatIsNotReady()
    {
        Resource<Deployment> web = Given.Deployment("web", replicas: 1);
        Resource<Pod> ready = Given.PodOf(web, 0);
        Resource<Pod> unready = Given.PodOf(web, 1, isReady: false);

        Assert.Equal([unready.Key], DeploymentPlan.Make(web, [ready, unready]).Delete);
        Assert.Equal([unready.Key], DeploymentPlan.Make(web, [unready, ready]).Delete);
    }

    [Fact]
    public void Plan_PodOnItsWayOut_IsReplacedUnderAnotherName()
    {
        Resource<Deployment> web = Given.Deployment("web", replicas: 1);
        Resource<Pod> leaving = Given.Leaving(Given.PodOf(web, 0));

        string created = Assert.Single(DeploymentPlan.Make(web, [leaving]).Create);

        Assert.NotEqual(leaving.Name, created);
    }

    [Fact]
    public void Plan_NewTemplate_ReplacesWithoutEverHavingFewerReady()
    {
        Resource<Deployment> before = Given.Deployment("web", replicas: 2);
        Resource<Deployment> after = Given.Deployment("web", replicas: 2, version: "v2");
        List<Resource<Pod>> pods = [Given.PodOf(before, 0), Given.PodOf(before, 1)];
        for (int round = 0; round < 20; round++)
        {
            DeploymentPlan plan = DeploymentPlan.Make(after, pods);
            pods.RemoveAll(pod => plan.Delete.Contains(pod.Key));
            Assert.True(pods.Count(pod => pod.Spec.Status.IsReady) >= 2, "25 % of 2 rounds down to none that may be missing");
            // Made ones become ready in the round after.
            pods = [.. pods.Select(Given.Ready), .. plan.Create.Select(name => Given.PodNamed(after, name, isReady: false))];
            Assert.True(pods.Count <= 3, "25 % of 2 rounds up to one more");
        }

        Assert.Equal(2, pods.Count);
        Assert.All(pods, pod => Assert.Equal("v2", pod.Metadata.Labels["version"]));
    }

    [Fact]
    public void Plan_RecreateStrategy_WaitsUntilTheOldAreGone()
    {
        Resource<Deployment> before = Given.Deployment("db", replicas: 1, strategy: "Recreate");
        Resource<Deployment> after = Given.Deployment("db", replicas: 1, version: "v2", strategy: "Recreate");
        Resource<Pod> old = Given.PodOf(before, 0);

        Assert.Equal([old.Key], DeploymentPlan.Make(after, [old]).Delete);
        Assert.Empty(DeploymentPlan.Make(after, [old]).Create);
        Assert.Empty(DeploymentPlan.Make(after, [Given.Leaving(old)]).Create);
        Assert.Single(DeploymentPlan.Make(after, []).Create);
    }

    [Fact]
    public void Hash_SameMeaningWrittenDifferently_IsTheSame()
    {
        const string one = "{metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: b}]}}";
        const string other = "{spec: {containers: [{image: b, name: a}]}, metadata: {labels: {version: v1, app: web}, annotations: {weft.dev/source: elsewhere.yaml}}}";

        Assert.Equal(PodTemplateHash.Of(Given.Template(one)), PodTemplateHash.Of(Given.Template(other)));
        Assert.NotEqual(PodTemplateHash.Of(Given.Template(one)), PodTemplateHash.Of(Given.Template(one.Replace("image: b", "image: c", StringComparison.Ordinal))));
    }
}
