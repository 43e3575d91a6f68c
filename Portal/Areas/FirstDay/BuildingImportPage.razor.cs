using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Bank;
using Portal.Data.FirstDay;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.FirstDay;

/// <summary>
/// A file of the building in four steps: the file, its columns, what it would do, done. Nothing is kept before the last, and the file stays
/// in the page until then.
/// </summary>
public sealed partial class BuildingImportPage(
    BuildingImporter importer, BuildingClock clock, Me me, IStringLocalizer<FirstDayWords> words, IStringLocalizer<SharedWords> shared)
{
    private static readonly ILookup<string, ImportField> Groups = Enum.GetValues<ImportField>().ToLookup(field => field switch
    {
        <= ImportField.Fee => "unit",
        <= ImportField.OwnerPhone => "owner",
        <= ImportField.TenantPhone => "tenant",
        <= ImportField.Space => "vehicle",
        _ => "debt",
    });

    private byte[] content = [];
    private string fileName = "", tower = "";
    private ImportPreview? preview;
    private ImportDone? done;
    private ImportField?[] fields = [];
    private ImportProgress at = new(ImportStage.Reading, 0, 0);
    private string? problem;
    private DateOnly asOf;
    private int header, round;
    private char separator = ';';
    private string encoding = BankFormat.Utf8;
    private bool reading, working, guessed, acceptCoefficients;
    private Step step;

    private enum Step { File, Columns, Check, Done }

    private IStringLocalizer<FirstDayWords> L => words;

    private IReadOnlyList<string> StepTitles => [.. Enum.GetValues<Step>().Select(s => words[$"import.step.{s}"].Value)];

    private bool isWorkbook => content is [0x50, 0x4B, ..];

    protected override void OnInitialized() => asOf = BuildingClock.MonthOf(clock.Today).AddDays(-1);

    private async Task TakeAsync(InputFileChangeEventArgs change)
    {
        problem = null;
        try
        {
            if (change.File.Size > BuildingImporter.Largest)
            {
                problem = words["error.import.large", BuildingImporter.Largest / (1024 * 1024)];
                return;
            }

            // The field stays on the page until its file has arrived: without it there is nothing to read from.
            reading = true;
            StateHasChanged();
            using var memory = new MemoryStream();
            await using (var stream = change.File.OpenReadStream(BuildingImporter.Largest)) await stream.CopyToAsync(memory);
            (content, fileName) = (memory.ToArray(), change.File.Name);
            if (!await AskAsync(null)) return;
            guessed = preview!.Format is not null;
            if (preview.Format is { } format) (separator, encoding, header) = (format.Separator, format.Encoding, format.HeaderRows);
            Widen(preview.Format?.Fields ?? []);
            step = Step.Columns;
        }
        catch (Exception exception) when (exception is IOException or JSException or TaskCanceledException or TimeoutException)
        {
            problem = words["import.failed"];
        }
        finally
        {
            reading = false;
            round++;
        }
    }

    /// <summary>As wide as the file, whatever was guessed.</summary>
    private void Widen(IReadOnlyList<ImportField?> known)
    {
        var width = Math.Clamp(preview!.Sample.Count == 0 ? 0 : preview.Sample.Max(r => r.Count), 1, 100);
        fields = [.. Enumerable.Range(0, width).Select(i => i < known.Count ? known[i] : null)];
    }

    private async Task SeparateAsync(ChangeEventArgs change)
    {
        separator = (char)int.Parse($"{change.Value}", CultureInfo.InvariantCulture);
        // Cut otherwise, its columns are others.
        if (!await AskAsync(new ImportFormat(separator, encoding, header, [ImportField.Number]))) return;
        Widen([]);
    }

    /// <summary>Another row names the columns; what was chosen stays.</summary>
    private void Rename() => problem = null;

    private void Choose(int column, string? field)
    {
        ImportField? chosen = Enum.TryParse<ImportField>(field, out var found) ? found : null;
        // A field has one column: it moves.
        if (chosen is not null && Array.IndexOf(fields, chosen) is >= 0 and var before) fields[before] = null;
        fields[column] = chosen;
    }

    private async Task CheckAsync()
    {
        acceptCoefficients = false;
        if (await AskAsync(Format())) step = Step.Check;
    }

    private ImportFormat Format() => new(separator, encoding, header, fields);

    private ImportOptions Options() => new(asOf, fields.Contains(ImportField.Tower) ? null : tower.Trim(), acceptCoefficients);

    private async Task<bool> AskAsync(ImportFormat? format)
    {
        problem = null;
        var found = await WorkAsync(async (progress, user) =>
            await importer.PreviewAsync(content, format, Options(), progress, user, CancellationToken.None));
        if (!found.Ok)
        {
            problem = found.Error!.Explain(shared, words);
            return false;
        }

        preview = found.Value;
        return true;
    }

    private async Task ImportAsync()
    {
        problem = null;
        var kept = await WorkAsync(async (progress, user) =>
            await importer.ImportAsync(fileName, content, Format(), Options(), progress, user, CancellationToken.None));
        if (!kept.Ok)
        {
            problem = kept.Error!.Explain(shared, words);
            return;
        }

        (done, content) = (kept.Value, []);
        step = Step.Done;
    }

    /// <summary>Away from the page's own thread, so that it can show how far it is.</summary>
    private async Task<T> WorkAsync<T>(Func<IProgress<ImportProgress>, CurrentUser, Task<T>> work)
    {
        var user = await me.GetAsync();
        var progress = new Progress<ImportProgress>(now =>
        {
            at = now;
            StateHasChanged();
        });
        (working, at) = (true, new ImportProgress(ImportStage.Reading, 0, 0));
        StateHasChanged();
        try
        {
            return await Task.Run(() => work(progress, user));
        }
        finally
        {
            working = false;
        }
    }

    private void Restart() => (step, preview, done, problem, content) = (Step.File, null, null, null, []);

    private string Head(int column)
    {
        var names = header > 0 && header <= preview!.Sample.Count ? preview.Sample[header - 1] : [];
        return column < names.Count && names[column].Length > 0 ? names[column] : words["import.column", column + 1];
    }

    private string Examples(int column) => string.Join(" · ", preview!.Sample.Skip(header).Select(r => column < r.Count ? r[column] : "")
        .Where(cell => cell.Length > 0).Distinct().Take(3));

    private string Why(BadImportRow bad)
    {
        string why = words[$"fault.{bad.Fault}"];
        if (bad.Value.Length > 0) why += $": «{bad.Value}»";
        return bad.Other is { } other ? $"{why} ({words["bad.other", other].Value})" : why;
    }

    private static IEnumerable<(string Word, ImportCount Count)> Counts(ImportSummary sum) =>
    [
        ("count.towers", sum.Towers), ("count.units", sum.Units), ("count.people", sum.People), ("count.vehicles", sum.Vehicles),
        ("count.debts", sum.Debts),
    ];
}
