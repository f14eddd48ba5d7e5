using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Weft.Config;

namespace Weft.Store.Tests;

public sealed class ApiHandlerTests
{
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 0, HistoryLength = 5 });
    private readonly ApiHandler _api;

    public ApiHandlerTests() => _api = new ApiHandler(_store, new ApiHandlerOptions { ReviewToken = Review });

    [Fact]
    public void List_AllNamespaces_IsAKubernetesList()
    {
        _store.Put(TestObjects.Service("web"));
        _store.Put(TestObjects.Service("api", ns: "ops"));

        ResourceNode list = Json(_api.Handle("GET", "/api/v1/services?limit=500", default));

        Assert.Equal(("ServiceList", "v1", "2"), (list["kind"]!.Text, list["apiVersion"]!.Text, list["metadata"]!["resourceVersion"]!.Text));
        Assert.Equal(["web", "api"], list["items"]!.Items.Select(i => i["metadata"]!["name"]!.Text));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/grid/services", "web")]
    [InlineData("/api/v1/services?fieldSelector=metadata.namespace%3Dops", "api")]
    [InlineData("/api/v1/services?labelSelector=app%3Dweb", "web")]
    [InlineData("/api/v1/services?labelSelector=app%20in%20(api,none)", "api")]
    [InlineData("/api/v1/services?labelSelector=%21app", "")]
    [InlineData("/api/v1/services?labelSelector=app!=web", "api")]
    public void List_WithSelectors_GivesThoseThatMatch(string target, string expected)
    {
        _store.Put(TestObjects.Service("web", labels: new Dictionary<string, string> { ["app"] = "web" }));
        _store.Put(TestObjects.Service("api", ns: "ops", labels: new Dictionary<string, string> { ["app"] = "api" }));

        ResourceNode list = Json(_api.Handle("GET", target, default));

        Assert.Equal(expected, string.Join(",", list["items"]!.Items.Select(i => i["metadata"]!["name"]!.Text)));
    }

    [Fact]
    public void Get_OtherVersionOfTheGroup_IsTheSameObjectInThatVersion()
    {
        _store.Put(ResourceReader.ReadYaml("""
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata: {name: forecast, namespace: grid}
            spec: {hosts: [forecast], http: [{route: [{destination: {host: forecast}}]}]}
            """, ReadOptions.FromFile).Objects[0].Resource!);

        ResourceNode found = Json(_api.Handle("GET", "/apis/networking.istio.io/v1alpha3/namespaces/grid/virtualservices/forecast", default));

        Assert.Equal("networking.istio.io/v1alpha3", found["apiVersion"]!.Text);
        Assert.Equal("forecast", found["spec"]!["hosts"]!.Items[0].Text);
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/grid/services/none", 404)]
    [InlineData("GET", "/api/v1/nonsense", 404)]
    [InlineData("GET", "/apis/networking.istio.io/v9/virtualservices", 404)]
    [InlineData("GET", "/api/v1/namespaces/grid/nodes", 404)]
    [InlineData("GET", "/api/v1/services?labelSelector=a%20b%20c", 400)]
    [InlineData("GET", "/api/v1/services?watch=1&resourceVersion=abc", 400)]
    [InlineData("GET", "/api/v1/services?fieldSelector=status.phase%3DRunning", 400)]
    [InlineData("DELETE", "/api/v1/namespaces/grid/services/web", 405)]
    [InlineData("GET", "/%zz/%", 404)]
    [InlineData("GET", "", 404)]
    public void Handle_WhatItCannotDo_AnswersAStatus(string method, string target, int code)
    {
        ApiAnswer answer = _api.Handle(method, target, default);

        Assert.Equal(code, answer.Status);
        Assert.Equal(("Status", code.ToString()), (Json(answer)["kind"]!.Text, Json(answer)["code"]!.Text));
    }

    [Theory]
    [InlineData("/api/v1", "pods")]
    [InlineData("/apis", "networking.istio.io")]
    [InlineData("/apis/networking.istio.io", "v1alpha3")]
    [InlineData("/apis/networking.istio.io/v1", "destinationrules")]
    [InlineData("/version", "gitVersion")]
    [InlineData("/healthz", "ok")]
    public void Discovery_EachStep_NamesWhatThereIs(string target, string expected)
    {
        ApiAnswer answer = _api.Handle("GET", target, default);

        Assert.Equal(200, answer.Status);
        Assert.Contains(expected, Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_WithBookmarks_TellsEventsLineByLine()
    {
        _store.Put(TestObjects.Service("web"));
        ApiAnswer answer = _api.Handle("GET", "/api/v1/services?watch=1&resourceVersion=1&allowWatchBookmarks=true", default);
        IAsyncEnumerator<ReadOnlyMemory<byte>> lines = answer.Stream!(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.Equal("BOOKMARK 1", await Next(lines));
        _store.Put(TestObjects.Service("api"));
        Assert.Equal("ADDED 2 api", await Next(lines));
        _store.Delete(TestObjects.ServiceKey("web"));
        Assert.Equal("DELETED 3 web", await Next(lines));
        _store.Put(TestObjects.Pod("a"));
        Assert.Equal("BOOKMARK 4", await Next(lines));
        await lines.DisposeAsync();
        Assert.Equal(0, _store.WatcherCount);
    }

    [Fact]
    public async Task Watch_VersionOutOfHistory_IsOneErrorLineWith410()
    {
        for (int i = 1; i < 20; i++)
        {
            _store.Put(TestObjects.Service("web", port: i));
        }

        string all = await All(_api.Handle("GET", "/api/v1/services?watch=true&resourceVersion=2", default));

        Assert.Contains("\"type\":\"ERROR\"", all, StringComparison.Ordinal);
        Assert.Contains("\"code\":410", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_TimeIsUp_EndsWithoutAnError()
    {
        string all = await All(_api.Handle("GET", "/api/v1/services?watch=true&timeoutSeconds=1", default));

        Assert.Equal("", all);
        Assert.Equal(0, _store.WatcherCount);
    }

    [Fact]
    public void TokenReview_ByPost_AnswersTheVerdict()
    {
        byte[] body = TokenReviewJson.Request(new TokenReviewRequest("good", ["istio-ca"]));

        ApiAnswer answer = _api.Handle("POST", "/apis/authentication.k8s.io/v1/tokenreviews", body);
        TokenReviewVerdict verdict = TokenReviewJson.ReadAnswer(answer.Body.Span);

        Assert.Equal(201, answer.Status);
        Assert.Equal((true, "system:serviceaccount:grid:web"), (verdict.Authenticated, verdict.Username));
        Assert.Equal(["istio-ca"], verdict.Audiences);
        Assert.Equal(["web-1"], verdict.Extra!["authentication.kubernetes.io/pod-name"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"spec\":{\"token\":7}}")]
    [InlineData("[1,2")]
    public void TokenReview_BadBody_IsABadRequest(string body) =>
        Assert.Equal(400, _api.Handle("POST", "/apis/authentication.k8s.io/v1/tokenreviews", Encoding.UTF8.GetBytes(body)).Status);

    [Fact]
    public void TokenReviewRequest_Printed_DoesNotShowTheToken() =>
        Assert.DoesNotContain("secret", new TokenReviewRequest("secret", ["a"]).ToString(), StringComparison.Ordinal);

    private static TokenReviewVerdict Review(TokenReviewRequest request) => request.Token == "good"
        ? new(true, "system:serviceaccount:grid:web", request.Audiences, null, new Dictionary<string, IReadOnlyList<string>> { ["authentication.kubernetes.io/pod-name"] = ["web-1"] })
        : new(false, "", [], "no");

    private static ResourceNode Json(ApiAnswer answer) => JsonReader.Read(answer.Body.Span, null).Documents.Single();

    private static async Task<string> Next(IAsyncEnumerator<ReadOnlyMemory<byte>> lines)
    {
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal((byte)'\n', lines.Current.Span[^1]);
        ResourceNode line = JsonReader.Read(lines.Current.Span, null).Documents.Single();
        return $"{line["type"]!.Text} {line["object"]!["metadata"]!["resourceVersion"]!.Text} {line["object"]!["metadata"]!["name"]?.Text}".Trim();
    }

    private static async Task<string> All(ApiAnswer answer)
    {
        var text = new StringBuilder();
        await foreach (ReadOnlyMemory<byte> line in answer.Stream!(TestContext.Current.CancellationToken))
        {
            text.Append(Encoding.UTF8.GetString(line.Span));
        }

        return text.ToString();
    }
}
