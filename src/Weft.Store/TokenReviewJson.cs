using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Weft.Config;

namespace Weft.Store;

/// <summary>The <c>authentication.k8s.io/v1</c> TokenReview on the wire. Pure.</summary>
public static class TokenReviewJson
{
    private const string ApiVersion = "authentication.k8s.io/v1";

    /// <summary>A request body.</summary>
    public static byte[] Request(TokenReviewRequest request) => ResourceJson.ToBytes(ResourceNode.Mapping(
        ("kind", "TokenReview"),
        ("apiVersion", ApiVersion),
        ("spec", ResourceNode.Mapping(
            ("token", request.Token),
            ("audiences", request.Audiences.Count == 0 ? null : ResourceNode.Sequence(request.Audiences.Select(ResourceNode.FromString)))))));

    /// <summary>Reads an answer's body; a body that is none is a verdict of "no" that says so.</summary>
    public static TokenReviewVerdict ReadAnswer(ReadOnlySpan<byte> body)
    {
        ResourceNode? status = JsonReader.Read(body, null).Documents is [{ } root] ? root["status"] : null;
        if (status is not { Kind: NodeKind.Mapping })
        {
            return new TokenReviewVerdict(false, "", [], "the API server's answer is no TokenReview");
        }

        ResourceNode? user = status["user"];
        return new TokenReviewVerdict(
            status["authenticated"]?.Text == "true",
            user?["username"]?.Text ?? "",
            [.. (status["audiences"]?.Items ?? []).Select(a => a.Text)],
            status["error"]?.Text,
            user?["extra"]?.Entries.ToDictionary(e => e.Name, e => (IReadOnlyList<string>)[.. e.Value.Items.Select(v => v.Text)], StringComparer.Ordinal));
    }

    internal static ApiAnswer Answer(ReadOnlyMemory<byte> body, Func<TokenReviewRequest, TokenReviewVerdict> review)
    {
        ResourceNode? spec = JsonReader.Read(body.Span, null).Documents is [{ } root] ? root["spec"] : null;
        if (spec?["token"] is not { Kind: NodeKind.String, Text.Length: > 0 } token)
        {
            return ApiJson.Status(400, "BadRequest", "spec.token is required for a TokenReview");
        }

        string[] audiences = [.. (spec["audiences"]?.Items ?? []).Select(a => a.Text)];
        TokenReviewVerdict verdict = review(new TokenReviewRequest(token.Text, audiences));
        return ApiJson.Answer(201, writer => Write(writer, verdict));
    }

    private static void Write(Utf8JsonWriter writer, TokenReviewVerdict verdict)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "TokenReview");
        writer.WriteString("apiVersion"u8, ApiVersion);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteStartObject("status"u8);
        writer.WriteBoolean("authenticated"u8, verdict.Authenticated);
        if (verdict.Authenticated)
        {
            WriteUser(writer, verdict);
            Strings(writer, "audiences", verdict.Audiences);
        }

        if (verdict.Error is not null)
        {
            writer.WriteString("error"u8, verdict.Error);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter writer, TokenReviewVerdict verdict)
    {
        writer.WriteStartObject("user"u8);
        writer.WriteString("username"u8, verdict.Username);
        if (verdict.Extra is { Count: > 0 } extra)
        {
            writer.WriteStartObject("extra"u8);
            foreach ((string name, IReadOnlyList<string> values) in extra)
            {
                Strings(writer, name, values);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
