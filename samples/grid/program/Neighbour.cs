using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;

namespace Grid;

/// <summary>What a neighbour answered, and which of its replicas did.</summary>
public sealed record Answer<T>(T? Value, string ServedBy, string? Failure);

/// <summary>Calls another service by its name. A failure is a value: the picture shows what is missing.</summary>
internal static class Neighbour
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static Task<Answer<T>> GetAsync<T>(string url, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, url), type, cancellation);

    public static Task<Answer<TAnswer>> PostAsync<T, TAnswer>(string url, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(body, type) }, answer, cancellation);

    private static async Task<Answer<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                using HttpResponseMessage response = await Client.SendAsync(request, cancellation);
                string servedBy = response.Headers.TryGetValues("x-served-by", out var values) ? values.First() : "unknown";
                return response.IsSuccessStatusCode
                    ? new(await response.Content.ReadFromJsonAsync(type, cancellation), servedBy, null)
                    : new(default, servedBy, $"{(int)response.StatusCode} {(await response.Content.ReadAsStringAsync(cancellation)).Trim()}");
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                return new(default, "unknown", fault.Message);
            }
        }
    }
}
