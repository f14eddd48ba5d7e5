using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Weft.Config;
using Weft.Config.Core;
using Weft.Store;

namespace Weft.Local.Pods;

/// <summary>The environment of a workload: what a container of the same manifest would find, and the little more that a process needs.</summary>
public static class PodEnvironment
{
    /// <param name="identity">The pod.</param>
    /// <param name="container">Its container, for <c>env</c> and <c>envFrom</c>; null for a command without one.</param>
    /// <param name="store">For ConfigMaps and Secrets.</param>
    /// <param name="path">PATH.</param>
    /// <param name="annotations">For fieldRef.</param>
    public static Dictionary<string, string> Of(PodIdentity identity, Container? container, ObjectStore store, string path, IReadOnlyDictionary<string, string> annotations)
    {
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = path,
            ["HOME"] = "/tmp",
            ["TMPDIR"] = "/tmp",
            ["HOSTNAME"] = identity.Name,
            ["POD_NAME"] = identity.Name,
            ["POD_NAMESPACE"] = identity.Namespace,
            ["POD_IP"] = identity.Address.ToString(),
            ["SERVICE_ACCOUNT"] = identity.ServiceAccount,
            ["NODE_NAME"] = Controllers.PodObjects.NodeName,
        };
        foreach (string passed in (string[])["LANG", "LC_ALL", "TZ", "TERM", "DOTNET_ROOT"])
        {
            if (System.Environment.GetEnvironmentVariable(passed) is { Length: > 0 } value)
            {
                environment[passed] = value;
            }
        }

        if (container is null)
        {
            return environment;
        }

        foreach (EnvFrom source in container.EnvFrom)
        {
            foreach ((string key, string value) in All(source, identity.Namespace, store))
            {
                environment[source.Prefix + key] = value;
            }
        }

        foreach (EnvVar variable in container.Env)
        {
            environment[variable.Name] = Expand(ValueOf(variable, identity, annotations, store), environment);
        }

        return environment;
    }

    /// <summary>Kubernetes' <c>$(NAME)</c>: known names are replaced, unknown ones stay, <c>$$</c> escapes.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> environment)
    {
        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '(' && text.IndexOf(')', i) is var end and > 0
                && environment.TryGetValue(text[(i + 2)..end], out string? value))
            {
                result.Append(value);
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static string ValueOf(EnvVar variable, PodIdentity identity, IReadOnlyDictionary<string, string> annotations, ObjectStore store)
    {
        if (variable.FieldPath is { } path)
        {
            return Field(path, identity, annotations);
        }

        if (variable.ConfigMapKey is { } map)
        {
            return Values("ConfigMap", map.Name, identity.Namespace, store).GetValueOrDefault(map.Key, string.Empty);
        }

        return variable.SecretKey is { } secret
            ? Values("Secret", secret.Name, identity.Namespace, store).GetValueOrDefault(secret.Key, string.Empty)
            : variable.Value ?? string.Empty;
    }

    private static string Field(string path, PodIdentity identity, IReadOnlyDictionary<string, string> annotations) => path switch
    {
        "metadata.name" => identity.Name,
        "metadata.namespace" => identity.Namespace,
        "metadata.uid" => identity.Uid,
        "spec.nodeName" => Controllers.PodObjects.NodeName,
        "spec.serviceAccountName" => identity.ServiceAccount,
        "status.podIP" or "status.podIPs" => identity.Address.ToString(),
        "status.hostIP" => "10.244.0.1",
        _ when Quoted(path, "metadata.labels") is { } label => identity.Labels.GetValueOrDefault(label, string.Empty),
        _ when Quoted(path, "metadata.annotations") is { } annotation => annotations.GetValueOrDefault(annotation, string.Empty),
        _ => string.Empty,
    };

    private static string? Quoted(string path, string prefix) =>
        path.StartsWith(prefix + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(prefix.Length + 2)..^2] : null;

    private static Dictionary<string, string> All(EnvFrom source, string ns, ObjectStore store) => source switch
    {
        { ConfigMap: { } map } => Values("ConfigMap", map, ns, store),
        { Secret: { } secret } => Values("Secret", secret, ns, store),
        _ => [],
    };

    private static Dictionary<string, string> Values(string kind, string name, string ns, ObjectStore store)
    {
        Resource? found = store.Get(new ObjectKey(string.Empty, kind, ns, name));
        return found?.SpecObject switch
        {
            ConfigMap map => map.Data.ToDictionary(),
            Secret secret => secret.Data.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value.Span)),
            _ => [],
        };
    }
}
