using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Weft.ControlHost;

/// <summary>
/// One line a message on stderr: time, level, event, sentence. Written for whoever is woken at three in the morning; values that a peer sent are cleaned of control characters, so that nobody can forge a line (T85).
/// </summary>
internal sealed class StderrLogger(TextWriter output, LogLevel least, TimeProvider clock) : ILoggerProvider
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(StderrLogger owner, string name) : ILogger
    {
        /// <summary>The framework speaks when something is wrong; its routine is not ours.</summary>
        private readonly LogLevel _least = name.StartsWith("Weft.", StringComparison.Ordinal) ? owner.Least : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, eventId, formatter(state, exception), exception);
            }
        }
    }

    private LogLevel Least => least;

    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        string word = level switch
        {
            LogLevel.Critical => "CRIT ",
            LogLevel.Error => "ERROR",
            LogLevel.Warning => "WARN ",
            LogLevel.Information => "INFO ",
            _ => "DEBUG",
        };
        var line = new StringBuilder(160);
        line.Append(clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).Append(' ').Append(word).Append(' ');
        if (id.Name is { Length: > 0 } name)
        {
            line.Append(name).Append(": ");
        }

        Clean(line, message);
        if (exception is not null)
        {
            line.Append(" | ");
            Clean(line, level >= LogLevel.Error ? exception.ToString() : exception.Message);
        }

        line.Append('\n');
        lock (_lock)
        {
            output.Write(line.ToString());
            output.Flush();
        }
    }

    private static void Clean(StringBuilder line, string text)
    {
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }
    }
}
