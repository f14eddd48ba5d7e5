using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace Grid;

/// <summary>What the services remember, in Redis at <c>store:6379</c>. Connects in the background, and again after a loss.</summary>
internal sealed class Store
{
    private const int KeptEntries = 20;
    private readonly Task<ConnectionMultiplexer> _connection = ConnectionMultiplexer.ConnectAsync("store:6379,abortConnect=false,connectTimeout=2000");

    public async Task<long> CountReadingAsync() => await (await DatabaseAsync()).StringIncrementAsync("grid:readings");

    public async Task<Ledger> AppendAsync(Entry entry)
    {
        IDatabase database = await DatabaseAsync();
        await database.ListLeftPushAsync("grid:ledger", JsonSerializer.Serialize(entry, GridJson.Default.Entry));
        return await ReadLedgerAsync();
    }

    public async Task<Ledger> ReadLedgerAsync()
    {
        IDatabase database = await DatabaseAsync();
        IEnumerable<RedisValue> last = await database.ListRangeAsync("grid:ledger", 0, KeptEntries - 1);
        return new(
            await database.ListLengthAsync("grid:ledger"),
            [.. last.Select(value => JsonSerializer.Deserialize(value.ToString(), GridJson.Default.Entry)!)]);
    }

    private async Task<IDatabase> DatabaseAsync() => (await _connection).GetDatabase();
}
