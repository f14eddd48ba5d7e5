using System;
using System.Linq;
using Grid;
using Grid.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// One program, five services of a small energy grid: grid ROLE [--version V] [--port N].
// It knows nothing of a mesh: services call each other by name over plain HTTP, and Redis as store:6379.
const string Usage = "usage: grid {web|dispatch|forecast|meters|ledger} [--version V] [--port N]";

if (args.Length == 0 || Option("--port", "8080") is not string portText || !ushort.TryParse(portText, out ushort port))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GridJson.Default));
builder.WebHost.UseUrls($"http://0.0.0.0:{port}");
WebApplication app = builder.Build();

string role = args[0];
string version = Option("--version", "v1");
string servedBy = $"{role}-{version}/{Environment.GetEnvironmentVariable("HOSTNAME") ?? Environment.MachineName}";
app.Use((context, next) =>
{
    context.Response.Headers["x-served-by"] = servedBy;
    return next(context);
});
app.MapGet("/healthz", () => "ok\n");

switch (role)
{
    case "web": WebRole.Map(app); break;
    case "dispatch": DispatchRole.Map(app); break;
    case "forecast": ForecastRole.Map(app, version); break;
    case "meters": MetersRole.Map(app); break;
    case "ledger": LedgerRole.Map(app); break;
    default:
        Console.Error.WriteLine($"grid: no role '{role}'. {Usage}");
        return 2;
}

Console.Out.WriteLine($"{servedBy} listens on {port}");
await app.RunAsync();
return 0;

string Option(string name, string otherwise) =>
    args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault() ?? otherwise;
