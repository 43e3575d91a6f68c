using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Portal.Data.Operations;

namespace Portal.Hosting;

/// <summary>
/// One JSON object a line: when (UTC), how bad, who says it, what, its values, the exception, and the trace it belongs to. Not the scopes of
/// ASP.NET Core: among them is the address that was asked for, and that may be a key (a visitor's pass, a link to activate an account).
/// </summary>
public sealed class PortalLogFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "portal";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null) return;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("category", logEntry.Category);
            if (logEntry.EventId.Id != 0) json.WriteNumber("event", logEntry.EventId.Id);
            json.WriteString("message", SafeText.Of(message ?? ""));
            if (logEntry.Exception is { } exception) json.WriteString("exception", SafeText.Of(exception));
            if (Activity.Current is { } activity)
            {
                json.WriteString("trace", activity.TraceId.ToHexString());
                json.WriteString("span", activity.SpanId.ToHexString());
            }

            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values && values.Any(v => v.Key != Template))
            {
                json.WriteStartObject("values");
                foreach (var (name, value) in values.Where(v => v.Key != Template).DistinctBy(v => v.Key))
                    json.WriteString(name, SafeText.Of(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
