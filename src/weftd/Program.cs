using System;
using System.Runtime.InteropServices;
using System.Threading;
using Weft.ControlHost;

WeftdOptions? options = OptionsReader.TryRead(args, out string error);
if (options is null)
{
    (error.Length > 0 ? Console.Error : Console.Out).WriteLine(error.Length > 0 ? "weftd: " + error : OptionsReader.Usage);
    return error.Length > 0 ? 2 : 0;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await Weftd.RunAsync(options, Console.Error, stop.Token).ConfigureAwait(false);
