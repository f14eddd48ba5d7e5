using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Decide;

/// <summary>
/// The header operations of a request or its response in the order they are carried out: weighted cluster, route, virtual host, route table
/// (so the outermost has the last word), or the other way round with most_specific_header_mutations_wins; within a level removals first.
/// Foreach over it.
/// </summary>
public ref struct HeaderOps
{
    private const int Levels = 4;

    private readonly VirtualHostView _virtualHost;
    private readonly RouteTableView _table;
    private readonly RequestChoice _choice;
    private readonly bool _isResponse;
    private readonly bool _isReversed;
    private ReadOnlySpan<HeaderOpRecord> _current;
    private BlockView _block;
    private int _step;
    private int _index;

    private HeaderOps(MeshSnapshot snapshot, scoped in RequestChoice choice, bool isResponse)
    {
        _virtualHost = snapshot.VirtualHost(choice.VirtualHost);
        _table = snapshot.RouteTable(choice.Table);
        _choice = choice;
        _isResponse = isResponse;
        _isReversed = !_table.IsEmpty && _table.Has(RouteTableFlags.MostSpecificHeaderMutationsWins);
        _step = -1;
        _index = -1;
    }

    public readonly HeaderOp Current => new(_block, _current[_index], Level(_step));

    /// <summary>Operations on the request before it goes upstream.</summary>
    public static HeaderOps ForRequest(MeshSnapshot snapshot, scoped in RequestChoice choice) => new(snapshot, choice, isResponse: false);

    /// <summary>Operations on the response before it goes downstream, local replies of a known route included.</summary>
    public static HeaderOps ForResponse(MeshSnapshot snapshot, scoped in RequestChoice choice) => new(snapshot, choice, isResponse: true);

    public readonly HeaderOps GetEnumerator() => this;

    public bool MoveNext()
    {
        while (++_index >= _current.Length)
        {
            if (++_step >= Levels)
                return false;
            _index = -1;
            _current = OpsOf(Level(_step));
        }

        return true;
    }

    private readonly HeaderOpLevel Level(int step) => (HeaderOpLevel)(_isReversed ? Levels - 1 - step : step);

    private ReadOnlySpan<HeaderOpRecord> OpsOf(HeaderOpLevel level)
    {
        if (level == HeaderOpLevel.RouteTable)
        {
            if (_table.IsEmpty)
                return default;
            _block = _table.Block;
            return _block.HeaderOps(_isResponse ? _table.Root.ResponseOps : _table.Root.RequestOps);
        }

        if (_virtualHost.IsEmpty)
            return default;
        _block = _virtualHost.Block;
        if (level == HeaderOpLevel.VirtualHost)
            return _block.HeaderOps(_isResponse ? _virtualHost.Root.ResponseOps : _virtualHost.Root.RequestOps);
        if (_choice.RouteIndex < 0)
            return default;
        ref readonly RouteRecord route = ref _virtualHost.Route(_choice.RouteIndex);
        if (level == HeaderOpLevel.Route)
            return _block.HeaderOps(_isResponse ? route.ResponseOps : route.RequestOps);
        if (_choice.WeightedIndex < 0 || route.Action != RouteActionKind.Route)
            return default;
        ref readonly WeightedClusterRecord cluster = ref _block.WeightedClusters(_virtualHost.Action(route).WeightedClusters)[_choice.WeightedIndex];
        return _block.HeaderOps(_isResponse ? cluster.ResponseOps : cluster.RequestOps);
    }
}
