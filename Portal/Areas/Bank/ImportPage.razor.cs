using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data.Bank;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Bank;

/// <summary>
/// A statement in four steps: the file, its columns, what it would bring, done. Nothing is kept before the last, and the file stays in the
/// page until then.
/// </summary>
public sealed partial class ImportPage(
    BankService bank, BankImporter importer, Me me, IStringLocalizer<BankWords> words, IStringLocalizer<SharedWords> shared)
{
    private IReadOnlyList<BankAccountRow> accounts = [];
    private byte[] content = [];
    private string fileName = "";
    private Input input = new();
    private BankPreview? preview;
    private Imported? imported;
    private string? problem;
    private int account, round;
    private bool busy, leaveOut;
    private Step step;

    private enum Step { File, Columns, Preview, Done }

    /// <summary>An account chosen where the link came from.</summary>
    [SupplyParameterFromQuery(Name = "account")] public string? AccountInQuery { get; set; }

    private IStringLocalizer<BankWords> L => words;

    private IReadOnlyList<string> StepTitles => [.. Enum.GetValues<Step>().Select(s => words[$"step.{s.ToString().ToLowerInvariant()}"].Value)];

    private int Header => int.TryParse(input.Header, CultureInfo.InvariantCulture, out var rows) ? rows : 0;

    private IEnumerable<(string, string)> Separators =>
        BankFormat.Separators.Select(s => ($"{(int)s}", words[s == '\t' ? "format.sep.tab" : $"format.sep.{s}"].Value));

    protected override async Task OnInitializedAsync()
    {
        accounts = await bank.AccountsAsync(await me.GetAsync(), default);
        var asked = AddressValue.Id(AccountInQuery);
        account = (accounts.FirstOrDefault(a => a.Id == asked) ?? accounts.FirstOrDefault())?.Id ?? 0;
    }

    private async Task TakeAsync(InputFileChangeEventArgs change)
    {
        (busy, problem) = (true, null);
        StateHasChanged();
        try
        {
            if (change.File.Size > BankImporter.Largest)
            {
                problem = words["error.bank.file.large", BankImporter.Largest / (1024 * 1024)];
                return;
            }

            using var memory = new MemoryStream();
            await using (var stream = change.File.OpenReadStream(BankImporter.Largest)) await stream.CopyToAsync(memory);
            (content, fileName) = (memory.ToArray(), change.File.Name);
            if (await AskAsync(null)) step = Step.Columns;
        }
        catch (Exception exception) when (exception is IOException or JSException or TaskCanceledException or TimeoutException)
        {
            problem = words["file.failed"];
        }
        finally
        {
            busy = false;
            round++;
        }
    }

    private async Task<bool> AskAsync(BankFormat? format)
    {
        problem = null;
        var found = await importer.PreviewAsync(account, content, format, await me.GetAsync(), default);
        if (!found.Ok)
        {
            problem = found.Error!.Explain(shared, words);
            return false;
        }

        preview = found.Value;
        input = Input.Of(preview.Format);
        return true;
    }

    private async Task PreviewAsync()
    {
        leaveOut = false;
        if (input.Read() is not { } format) problem = words["error.bank.format"];
        else if (await AskAsync(format)) step = Step.Preview;
    }

    private async Task ImportAsync()
    {
        problem = null;
        var done = await importer.ImportAsync(account, fileName, content, preview!.Format!, leaveOut, await me.GetAsync(), default);
        if (!done.Ok)
        {
            problem = done.Error!.Explain(shared, words);
            return;
        }

        (imported, content) = (done.Value, []);
        step = Step.Done;
    }

    private void Restart() => (step, preview, imported, problem, content) = (Step.File, null, null, null, []);

    private IEnumerable<(string, string)> Columns(bool none)
    {
        if (none) yield return ("", words["format.none"]);
        var width = preview!.Sample.Count == 0 ? 0 : preview.Sample.Max(r => r.Count);
        var names = Header > 0 && Header <= preview.Sample.Count ? preview.Sample[Header - 1] : [];
        for (var i = 0; i < Math.Min(width, 100); i++)
            yield return ($"{i + 1}", words["format.column", i + 1, i < names.Count ? names[i] : ""].Value.TrimEnd(' ', ':'));
    }

    /// <summary>A format as the page's lists hold it.</summary>
    private sealed class Input
    {
        public string Separator { get; set; } = $"{(int)';'}";
        public string Encoding { get; set; } = BankFormat.Utf8;
        public string Header { get; set; } = "1";
        public string Date { get; set; } = "1";
        public string DateFormat { get; set; } = BankFormat.DateFormats[0];
        public string Text { get; set; } = "";
        public string Reference { get; set; } = "";
        public string Amount { get; set; } = "";
        public string Debit { get; set; } = "";
        public string Credit { get; set; } = "";
        public string Balance { get; set; } = "";
        public string Decimal { get; set; } = "comma";

        public static Input Of(BankFormat? format) => format is null ? new Input() : new Input
        {
            Separator = $"{(int)format.Separator}", Encoding = format.Encoding, Header = $"{format.HeaderRows}", Date = $"{format.Date}",
            DateFormat = format.DateFormat, Text = $"{format.Text}", Reference = $"{format.Reference}", Amount = $"{format.Amount}",
            Debit = $"{format.Debit}", Credit = $"{format.Credit}", Balance = $"{format.Balance}",
            Decimal = format.DecimalComma ? "comma" : "point",
        };

        /// <summary>Null where date or sum has no column.</summary>
        public BankFormat? Read()
        {
            var amount = Column(Amount);
            var (debit, credit) = amount is null ? (Column(Debit), Column(Credit)) : (null, null);
            if (Column(Date) is not { } date || (amount is null && (debit is null || credit is null))) return null;
            return new BankFormat(
                (char)int.Parse(Separator, CultureInfo.InvariantCulture), Encoding, Column(Header) ?? 0, date, Column(Text), Column(Reference),
                amount, debit, credit, Column(Balance), DateFormat, Decimal == "comma");
        }

        private static int? Column(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
