using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Control.Derivation;

namespace Weft.Serving.Discovery;

/// <summary>What a client must be sent of one type. Pure.</summary>
internal readonly record struct TypeDifference(IReadOnlyList<XdsResource> Changed, IReadOnlyList<string> Removed)
{
    public bool IsEmpty => Changed.Count == 0 && Removed.Count == 0;

    /// <summary>From what the client holds to what it is to hold. Groups that are the same instance, or of equal digest, cost nothing.</summary>
    public static TypeDifference Between(TypeSession session, ImmutableArray<ResourceGroup> target)
    {
        var changed = new SortedDictionary<string, XdsResource>(StringComparer.Ordinal);
        var removed = new SortedSet<string>(StringComparer.Ordinal);
        if (session.InitialVersions is { } initial && session.Held.IsEmpty)
        {
            FromVersions(initial, target, changed, removed);
        }
        else
        {
            FromGroups(session.Held, target, changed, removed);
        }

        foreach (string name in session.MustAnswer)
        {
            if (Find(target, name) is { } resource)
            {
                changed[name] = resource;
                removed.Remove(name);
            }
            else if (!changed.ContainsKey(name))
            {
                removed.Add(name);
            }
        }

        return session.IsWildcard
            ? new TypeDifference([.. changed.Values], [.. removed])
            : new TypeDifference(
                [.. changed.Values.Where(r => session.Wants(r.Name) || session.MustAnswer.Contains(r.Name))],
                [.. removed.Where(n => session.Wants(n) || session.MustAnswer.Contains(n))]);
    }

    private static void FromVersions(
        IReadOnlyDictionary<string, string> versions, ImmutableArray<ResourceGroup> target, SortedDictionary<string, XdsResource> changed, SortedSet<string> removed)
    {
        removed.UnionWith(versions.Keys);
        foreach (XdsResource resource in target.SelectMany(g => g.Resources))
        {
            removed.Remove(resource.Name);
            if (!versions.TryGetValue(resource.Name, out string? version) || version != resource.Version)
            {
                changed[resource.Name] = resource;
            }
        }
    }

    private static void FromGroups(
        ImmutableArray<ResourceGroup> held, ImmutableArray<ResourceGroup> target, SortedDictionary<string, XdsResource> changed, SortedSet<string> removed)
    {
        foreach (ResourceGroup group in target)
        {
            ResourceGroup? before = held.FirstOrDefault(g => g.Slot == group.Slot);
            if (!ReferenceEquals(before, group))
            {
                Walk(before?.Resources ?? [], group.Resources, changed, removed);
            }
        }

        foreach (ResourceGroup gone in held.Where(h => target.All(t => t.Slot != h.Slot)))
        {
            removed.UnionWith(gone.Resources.Select(r => r.Name));
        }

        // A name may have moved from one slot to another: it is there.
        removed.ExceptWith(changed.Keys);
    }

    /// <summary>Both are sorted by name.</summary>
    private static void Walk(
        ImmutableArray<XdsResource> before, ImmutableArray<XdsResource> after, SortedDictionary<string, XdsResource> changed, SortedSet<string> removed)
    {
        int b = 0, a = 0;
        while (b < before.Length || a < after.Length)
        {
            int order = b == before.Length ? 1 : a == after.Length ? -1 : string.CompareOrdinal(before[b].Name, after[a].Name);
            if (order < 0)
            {
                removed.Add(before[b++].Name);
            }
            else if (order > 0)
            {
                changed[after[a].Name] = after[a++];
            }
            else
            {
                if (!ReferenceEquals(before[b], after[a]) && before[b].Version != after[a].Version)
                {
                    changed[after[a].Name] = after[a];
                }

                b++;
                a++;
            }
        }
    }

    private static XdsResource? Find(ImmutableArray<ResourceGroup> groups, string name)
    {
        foreach (ResourceGroup group in groups)
        {
            if (group.Find(name) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
