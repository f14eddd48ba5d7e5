using System;
using System.Collections.Generic;
using System.Text;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Explain;

/// <summary>The request that is asked about, as a client in the pod would send it.</summary>
/// <param name="Method">As written.</param>
/// <param name="Host">Host of the URL, lower-case.</param>
/// <param name="Port">Port of the URL; 80 where it names none.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Further headers, in order; a Host among them is the authority instead of the URL's.</param>
/// <param name="RequestId">Seeds the draws; without one every possible cluster is named.</param>
internal sealed record ExplainRequest(string Method, string Host, int Port, string Target, IReadOnlyList<(string Name, string Value)> Headers, string? RequestId)
{
    /// <summary>What stands in the Host header: the port only where the URL had one.</summary>
    public required string Authority { get; init; }

    /// <exception cref="CommandException">The URL or a header is not one.</exception>
    public static ExplainRequest Parse(string method, string url, IEnumerable<string> headers, string? requestId)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != "http")
        {
            throw new CommandException($"'{url}' is not a URL of the form http://HOST[:PORT]/PATH (a workload speaks plain HTTP; its sidecar adds TLS)", 2);
        }

        string afterScheme = url["http://".Length..];
        int slash = afterScheme.AsSpan().IndexOfAny('/', '?');
        string authority = slash < 0 ? afterScheme : afterScheme[..slash];
        // As written: Uri would already have removed dot segments, and that is the proxy's decision.
        string target = slash < 0 ? "/" : afterScheme[slash] == '?' ? "/" + afterScheme[slash..] : afterScheme[slash..];
        List<(string, string)> parsed = [];
        foreach (string header in headers)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new CommandException($"'{header}' is not a header of the form 'NAME: VALUE'", 2);
            }

            (string name, string value) = (header[..colon].Trim(), header[(colon + 1)..].Trim());
            if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
            {
                authority = value;
            }
            else
            {
                parsed.Add((name, value));
            }
        }

        return new(method, uri.IdnHost, uri.Port, target, parsed, requestId) { Authority = authority };
    }

    /// <summary>The head as it goes over the wire, for the proxy's own codec to read.</summary>
    public byte[] ToBytes()
    {
        StringBuilder head = new();
        head.Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\nhost: ").Append(Authority).Append("\r\n");
        foreach ((string name, string value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (RequestId is not null)
        {
            head.Append("x-request-id: ").Append(RequestId).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }
}
