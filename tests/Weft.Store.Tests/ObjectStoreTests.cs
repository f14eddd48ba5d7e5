using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Store.Tests;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 100 });

    [Fact]
    public void Put_NewObject_GetsUidGenerationVersionAndBirthday()
    {
        StoreResult result = _store.Put(TestObjects.Service("web"));

        Assert.Equal(StoreOutcome.Created, result.Outcome);
        ObjectMeta meta = result.Object!.Metadata;
        Assert.True(Guid.TryParse(meta.Uid, out _));
        Assert.Equal((1, "101"), (meta.Generation, meta.ResourceVersion));
        Assert.NotNull(meta.CreationTimestamp);
    }

    [Fact]
    public void Put_SameObjectAgain_ChangesNothing()
    {
        _store.Put(TestObjects.Service("web"));

        StoreResult again = _store.Put(TestObjects.Service("web"));

        Assert.Equal(StoreOutcome.Unchanged, again.Outcome);
        Assert.Equal(101, _store.Revision);
    }

    [Fact]
    public void Put_OtherSpec_CountsGenerationAndKeepsUid()
    {
        string uid = _store.Put(TestObjects.Service("web")).Object!.Metadata.Uid;

        StoreResult changed = _store.Put(TestObjects.Service("web", port: 9090));

        Assert.Equal((StoreOutcome.Updated, 2, uid), (changed.Outcome, changed.Object!.Metadata.Generation, changed.Object.Metadata.Uid));
    }

    [Fact]
    public void Put_OtherLabelsOnly_KeepsGeneration()
    {
        _store.Put(TestObjects.Service("web"));

        StoreResult labelled = _store.Put(TestObjects.Service("web", labels: new Dictionary<string, string> { ["a"] = "b" }));

        Assert.Equal((StoreOutcome.Updated, 1), (labelled.Outcome, labelled.Object!.Metadata.Generation));
    }

    [Fact]
    public void Put_WithoutStatus_KeepsTheOldStatus()
    {
        _store.Put(TestObjects.Pod("web-1", ip: "10.244.0.7"));

        Resource stored = _store.Put(TestObjects.Pod("web-1").With(new ObjectMeta { Name = "web-1", Namespace = "grid", Labels = new Dictionary<string, string> { ["app"] = "web" } })).Object!;

        Assert.Equal("10.244.0.7", ((Resource<Pod>)stored).Spec.Status.PodIP);
    }

    [Fact]
    public void PutStatus_NewStatus_KeepsGenerationAndBindsIt()
    {
        _store.Put(TestObjects.Pod("web-1"));

        StoreResult result = _store.PutStatus(new ObjectKey("", "Pod", "grid", "web-1"), ResourceNode.Mapping(("podIP", "10.244.0.9")));

        Assert.Equal((StoreOutcome.Updated, 1), (result.Outcome, result.Object!.Metadata.Generation));
        Assert.Equal("10.244.0.9", ((Resource<Pod>)result.Object).Spec.Status.PodIP);
    }

    [Fact]
    public void Put_StaleResourceVersion_IsAConflict()
    {
        Resource first = _store.Put(TestObjects.Service("web")).Object!;
        _store.Put(TestObjects.Service("web", port: 9090));

        StoreResult late = _store.Put(TestObjects.Service("web", port: 7070).With(first.Metadata));

        Assert.Equal(StoreOutcome.Conflict, late.Outcome);
        Assert.Equal(102, _store.Revision);
    }

    [Fact]
    public void Admit_FillsAField_BeforeTheObjectIsCompared()
    {
        var store = new ObjectStore(new StoreOptions
        {
            InitialRevision = 0,
            Admit = (incoming, old) => incoming.Content["spec"]!["clusterIP"] is not null
                ? incoming
                : incoming.WithContent(incoming.Content.With("spec", incoming.Content["spec"]!.With("clusterIP", old?.Content["spec"]!["clusterIP"] ?? "10.96.0.1"))),
        });
        store.Put(TestObjects.Service("web"));

        StoreResult again = store.Put(TestObjects.Service("web"));

        Assert.Equal(StoreOutcome.Unchanged, again.Outcome);
        Assert.Equal("10.96.0.1", ((Resource<Service>)again.Object!).Spec.ClusterIP);
    }

    [Fact]
    public void List_ByKindNamespaceAndLabels_GivesOrderedObjectsAndTheRevision()
    {
        _store.Put(TestObjects.Service("web", labels: new Dictionary<string, string> { ["app"] = "web" }));
        _store.Put(TestObjects.Service("api", labels: new Dictionary<string, string> { ["app"] = "api" }));
        _store.Put(TestObjects.Service("web", ns: "ops"));
        _store.Put(TestObjects.Pod("web-1"));

        ListResult all = _store.List(ObjectFilter.Of(Kinds.Service));
        ListResult labelled = _store.List(ObjectFilter.Of(Kinds.Service, "grid") with { Labels = LabelSelector.OfLabels(new Dictionary<string, string> { ["app"] = "web" }) });

        Assert.Equal(["grid/api", "grid/web", "ops/web"], all.Items.Select(r => $"{r.Namespace}/{r.Name}"));
        Assert.Equal("web", Assert.Single(labelled.Items).Name);
        Assert.Equal(104, all.Revision);
    }

    [Fact]
    public void Update_UnderTheLock_LosesNoUpdate()
    {
        _store.Put(TestObjects.Pod("web-1", ip: "0"));
        var key = new ObjectKey("", "Pod", "grid", "web-1");

        System.Threading.Tasks.Parallel.For(0, 200, _ => _store.Update(key, pod =>
            pod.WithStatus(ResourceNode.Mapping(("podIP", (int.Parse(((Resource<Pod>)pod).Spec.Status.PodIP, null) + 1).ToString())))));

        Assert.Equal("200", ((Resource<Pod>)_store.Get(key)!).Spec.Status.PodIP);
    }

    [Fact]
    public void Put_ObjectOfAFile_HasNoBirthday()
    {
        // Where the older object wins, files must not win or lose by when they were saved (design section 5).
        Resource resource = TestObjects.Service("web");
        resource = resource.With(resource.Metadata with { Annotations = new Dictionary<string, string> { [SourceMaps.SourceAnnotation] = "a.yaml" } });

        Assert.Null(_store.Put(resource).Object!.Metadata.CreationTimestamp);
    }
}
