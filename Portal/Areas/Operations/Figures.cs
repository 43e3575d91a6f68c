using Microsoft.Extensions.Localization;
using Portal.Data.Operations;
using Portal.Resources;

namespace Portal.Areas.Operations;

/// <summary>How the figures of machines are written.</summary>
internal static class Figures
{
    /// <summary>To the second within the hour, to the minute within the day: <c>2 min 10 s</c>.</summary>
    public static string Span(TimeSpan length)
    {
        if (length >= TimeSpan.FromHours(1)) return Formats.Duration(length);
        var seconds = Math.Max(0, (long)length.TotalSeconds);
        return seconds < 60 ? $"{seconds} s" : seconds % 60 == 0 ? $"{seconds / 60} min" : $"{seconds / 60} min {seconds % 60} s";
    }

    /// <summary><c>96 ms</c>, <c>1.240 ms</c>; below ten with a decimal.</summary>
    public static string Milliseconds(TimeSpan length) =>
        $"{Formats.Number((decimal)length.TotalMilliseconds, length.TotalMilliseconds < 10 ? 1 : 0)} ms";

    public static string Seconds(TimeSpan length) => $"{Formats.Number((decimal)length.TotalSeconds, length.TotalSeconds < 10 ? 1 : 0)} s";

    public static string Bytes(long bytes) => bytes switch
    {
        < 100 * 1024 => $"{Formats.Number(bytes / 1024m)} kB",
        < 10L * 1024 * 1024 * 1024 => $"{Formats.Number(bytes / 1048576m, bytes < 10 * 1048576 ? 1 : 0)} MB",
        _ => $"{Formats.Number(bytes / 1073741824m, 1)} GB",
    };

    /// <summary>With its sign: <c>+44</c>; in MB.</summary>
    public static string Grown(long bytes) => bytes switch
    {
        0 => "0",
        > 0 => "+" + Formats.Number(bytes / 1048576m, bytes < 10 * 1048576 ? 1 : 0),
        _ => "−" + Formats.Number(-bytes / 1048576m, -bytes < 10 * 1048576 ? 1 : 0),
    };

    /// <summary>What a later version adds keeps its name until it has a word.</summary>
    public static string Kind(this IStringLocalizer<OperationsWords> words, string kind) =>
        words["kind." + kind] is { ResourceNotFound: false } word ? word : kind;

    /// <summary>Why a job was left.</summary>
    public static string Note(this IStringLocalizer<OperationsWords> words, string code) =>
        words["note." + code] is { ResourceNotFound: false } word ? word : code;

    /// <summary>What an alarm is and what is to be done.</summary>
    public static (string What, string Do) Explain(this IStringLocalizer<OperationsWords> words, OperationsAlarm alarm)
    {
        object[] values =
        [
            .. alarm.Values.Select(object (value) => value switch
            {
                decimal share => Formats.Percent(share, 0),
                string name when alarm.Kind == AlarmKind.Check && words["check." + name] is { ResourceNotFound: false } word => word.Value,
                _ => value,
            }),
        ];
        return (words[$"alarm.{alarm.Kind}", values], words[$"alarm.{alarm.Kind}.do", values]);
    }

    /// <summary>Why the server does not answer, and how it would.</summary>
    public static string Why<T>(this IStringLocalizer<OperationsWords> words, Asked<T> asked) => words[$"lacking.{asked.Lacking}", asked.What ?? ""];
}
