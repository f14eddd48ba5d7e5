using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Weft.Config;
using Weft.Config.Networking;

namespace Weft.Store.Tests;

public sealed class DirectorySourceTests : IDisposable
{
    private const string Rule = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: forecast, namespace: grid}
        spec:
          hosts: [forecast]
          http:
          - route:
            - destination: {host: forecast, subset: v1}
              weight: WEIGHT
            - destination: {host: forecast, subset: v2}
              weight: 10
        """;

    private const string Peer = """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: grid}
        spec: {mtls: {mode: STRICT}}
        """;

    private static readonly ObjectKey RuleKey = new("networking.istio.io", "VirtualService", "grid", "forecast");
    private static readonly ObjectKey PeerKey = new("security.istio.io", "PeerAuthentication", "grid", "default");

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-directory-").FullName;
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 0 });
    private readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void ReadNow_FilesOfBothForms_PutsTheirObjectsIntoTheStore()
    {
        Write("a.yaml", RuleOf(90) + "\n---\n" + Peer);
        Write("b.json", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"grid"}}""");
        Write("notes.txt", "not: a manifest");
        Write(".hidden.yaml", "{");
        Write("weft.yaml", "run: {}");

        DirectoryState state = Source().ReadNow();

        Assert.Empty(state.Diagnostics);
        Assert.Equal(["Namespace grid", "PeerAuthentication grid/default", "VirtualService grid/forecast"], state.Objects.Select(k => k.ToString()));
        Assert.Equal(3, state.StoreRevision);
        Assert.Equal(90, Weight());
    }

    [Fact]
    public void ReadNow_FolderBelow_IsReadOnlyWhenAsked()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "below"));
        Write("below/a.yaml", RuleOf(90));

        Assert.Empty(Source().ReadNow().Objects);
        Assert.Single(Source(new DirectorySourceOptions { IsRecursive = true }).ReadNow().Objects);
    }

    [Fact]
    public void ReadNow_CommentAddedAbove_MovesPlacesOnly()
    {
        Write("a.yaml", RuleOf(90));
        DirectorySource source = Source();
        source.ReadNow();
        Resource before = _store.Get(RuleKey)!;
        Write("a.yaml", "# a new line\n" + RuleOf(90));

        DirectoryState state = source.ReadNow();

        Resource after = _store.Get(RuleKey)!;
        Assert.Equal(before.Digest, after.Digest);
        Assert.Equal(1, after.Metadata.Generation);
        Assert.NotEqual(before.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
        Assert.Equal(7, before.Source.Locate("spec.http[0]").Line);
        Assert.Equal(8, after.Source.Locate("spec.http[0]").Line);
        Assert.Equal(2, state.Revision);
    }

    [Fact]
    public void ReadNow_NothingChanged_SaysNothing()
    {
        Write("a.yaml", RuleOf(90));
        DirectorySource source = Source();
        int raised = 0;
        source.Changed += _ => raised++;
        source.ReadNow();
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.yaml"), DateTime.UtcNow.AddHours(1));

        source.ReadNow();

        Assert.Equal((1, 1, 1), (raised, source.State.Revision, _store.Revision));
    }

    [Fact]
    public void ReadNow_ObjectBecomesBad_KeepsItsLastGoodAndAppliesTheRest()
    {
        Write("a.yaml", RuleOf(90) + "\n---\n" + Peer);
        DirectorySource source = Source();
        source.ReadNow();
        Write("a.yaml", RuleOf(90).Replace("hosts", "hots", StringComparison.Ordinal) + "\n---\n" + Peer.Replace("STRICT", "PERMISSIVE", StringComparison.Ordinal));

        DirectoryState state = source.ReadNow();

        Diagnostic problem = state.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
        Assert.Contains("did you mean hosts?", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("a.yaml:5:3", problem.Location.ToString(), StringComparison.Ordinal);
        Assert.Equal([RuleKey], state.Refused);
        Assert.Equal(90, Weight());
        Assert.Equal(1, _store.Get(RuleKey)!.Metadata.Generation);
        Assert.Contains("did you mean", _store.Get(RuleKey)!.Metadata.Annotations[SourceMaps.ErrorAnnotation], StringComparison.Ordinal);
        Assert.Equal("PERMISSIVE", _store.Get(PeerKey)!.Content["spec"]!["mtls"]!["mode"]!.Text);
    }

    [Fact]
    public void ReadNow_DocumentThatIsNoYaml_KeepsTheObjectsOfItsFile()
    {
        Write("a.yaml", RuleOf(90) + "\n---\n" + Peer);
        DirectorySource source = Source();
        source.ReadNow();
        Write("a.yaml", "apiVersion: [\n---\n" + Peer);

        DirectoryState state = source.ReadNow();

        Assert.Equal(90, Weight());
        Assert.Contains(RuleKey, state.Refused);
        Assert.Contains(PeerKey, state.Objects);
        Assert.Contains(state.Diagnostics, d => d.Code == DiagnosticCodes.Syntax && d.Location.Line > 0);
    }

    [Fact]
    public void ReadNow_DocumentTakenOut_RemovesItsObject()
    {
        Write("a.yaml", RuleOf(90) + "\n---\n" + Peer);
        DirectorySource source = Source();
        source.ReadNow();
        Write("a.yaml", Peer);

        source.ReadNow();

        Assert.Null(_store.Get(RuleKey));
        Assert.NotNull(_store.Get(PeerKey));
    }

    [Fact]
    public void ReadNow_FileGone_RemovesItsObjects()
    {
        Write("a.yaml", RuleOf(90));
        DirectorySource source = Source();
        source.ReadNow();
        File.Delete(Path.Combine(_folder, "a.yaml"));

        Assert.Empty(source.ReadNow().Objects);
        Assert.Null(_store.Get(RuleKey));
    }

    [Fact]
    public void ReadNow_SameObjectInTwoFiles_NamesBothAndKeepsTheFirst()
    {
        Write("a.yaml", RuleOf(90));
        Write("b.yaml", "\n\n" + RuleOf(50));

        DirectoryState state = Source().ReadNow();

        Diagnostic problem = Assert.Single(state.Diagnostics);
        Assert.Equal(DiagnosticCodes.DuplicateObject, problem.Code);
        Assert.EndsWith("b.yaml:3:1", problem.Location.ToString(), StringComparison.Ordinal);
        Assert.Contains("a.yaml:1:1", problem.Message, StringComparison.Ordinal);
        Assert.Equal(90, Weight());
    }

    [Fact]
    public void ReadNow_BrokenPolicyWithoutLastGood_ReachesTheStoreSoThatItFailsClosed()
    {
        Write("a.yaml", Peer.Replace("STRICT", "STRICTEST", StringComparison.Ordinal));

        DirectoryState state = Source().ReadNow();

        Assert.Equal([PeerKey], state.Refused);
        Assert.True(_store.Get(PeerKey)!.Metadata.Annotations.ContainsKey(SourceMaps.ErrorAnnotation));
    }

    [Fact]
    public void ReadNow_ServersOwnFieldsInAFile_AreNotTaken()
    {
        // kubectl get -o yaml writes them; taken as they are, the next edit would be a conflict.
        Write("a.yaml", RuleOf(90).Replace("namespace: grid", "namespace: grid, resourceVersion: \"77\", uid: x, generation: 9", StringComparison.Ordinal));

        Source().ReadNow();

        Assert.Equal(("1", 1), (_store.Get(RuleKey)!.Metadata.ResourceVersion, _store.Get(RuleKey)!.Metadata.Generation));
    }

    [Fact]
    public void LastGood_FileBrokenAtTheNextStart_StillHasItsObjects()
    {
        string state = Directory.CreateTempSubdirectory("weft-state-").FullName;
        try
        {
            Write("a.yaml", RuleOf(90));
            using (Journal journal = Journal.Open(Path.Combine(state, "sources.journal")))
            {
                Source(new DirectorySourceOptions { LastGood = journal }).ReadNow();
            }

            Write("a.yaml", "kind: [");
            var store = new ObjectStore();
            using Journal again = Journal.Open(Path.Combine(state, "sources.journal"));
            using var source = new DirectorySource(store, _folder, new DirectorySourceOptions { LastGood = again });

            DirectoryState read = source.ReadNow();

            Assert.Equal([RuleKey], read.Objects);
            Assert.Equal([RuleKey], read.Refused);
            Assert.Equal(7, store.Get(RuleKey)!.Source.Locate("spec.http[0]").Line);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("truncate")]
    [InlineData("remove")]
    public void Start_FileSavedTheWayEditorsDo_IsFollowedAndTheObjectIsNeverMissing(string how)
    {
        Write("a.yaml", RuleOf(90));
        DirectorySource source = Source();
        using var changed = new ManualResetEventSlim();
        source.Start();
        source.Changed += _ => changed.Set();
        using Watcher watcher = _store.Watch(ObjectFilter.All, _store.Revision);
        string path = Path.Combine(_folder, "a.yaml");
        switch (how)
        {
            case "rename":
                File.WriteAllText(path + ".swp", RuleOf(50));
                File.Move(path + ".swp", path, overwrite: true);
                break;
            case "truncate":
                File.WriteAllText(path, "");
                Thread.Sleep(40); // the editor's own pause between truncating and writing, longer than the debounce
                File.WriteAllText(path, RuleOf(50));
                break;
            case "remove":
                File.Delete(path);
                Thread.Sleep(40); // as above
                File.WriteAllText(path, RuleOf(50));
                break;
            default:
                File.WriteAllText(path, RuleOf(50));
                break;
        }

        Assert.True(changed.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        Assert.Equal(50, Weight());
        Assert.DoesNotContain(_store.List(ObjectFilter.All).Items, r => r.Metadata.Generation != 2);
    }

    [Fact]
    public void Start_FileRemoved_IsNoticed()
    {
        Write("a.yaml", RuleOf(90));
        DirectorySource source = Source();
        using var gone = new ManualResetEventSlim();
        source.Start();
        source.Changed += state =>
        {
            if (state.Objects.Count == 0)
            {
                gone.Set();
            }
        };

        File.Delete(Path.Combine(_folder, "a.yaml"));

        Assert.True(gone.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Start_NoSuchDirectory_SaysSo()
    {
        var source = new DirectorySource(_store, Path.Combine(_folder, "nowhere"));
        _open.Add(source);

        Assert.Throws<DirectoryNotFoundException>(() => source.Start());
    }

    private static string RuleOf(int weight) => Rule.Replace("WEIGHT", weight.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private int Weight() => ((Resource<VirtualService>)_store.Get(RuleKey)!).Spec.Http[0].Route[0].Weight!.Value;

    private DirectorySource Source(DirectorySourceOptions? options = null)
    {
        var source = new DirectorySource(_store, _folder, options);
        _open.Add(source);
        return source;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
