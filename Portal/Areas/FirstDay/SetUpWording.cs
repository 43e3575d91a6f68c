using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.FirstDay;
using Portal.Resources;

namespace Portal.Areas.FirstDay;

/// <summary>What a step says of itself, and where it is done.</summary>
public static class SetUpWording
{
    public static string Sentence(IStringLocalizer<FirstDayWords> words, SetUpState state)
    {
        var figures = state.Figures.Select(f => f is decimal sum
            ? state.Step == SetUpStep.Coefficients ? Formats.Percent(sum, 4) : Formats.Money(sum)
            : f).ToArray();
        var variant = state.Done ? "done" : state.Step switch
        {
            SetUpStep.Units when state.Figures[1] is 0 => "none",
            SetUpStep.Coefficients when state.Figures[2] is 0 => "none",
            SetUpStep.Coefficients when state.Figures[1] is > 0 => "without",
            SetUpStep.People when state.Figures[0] is 0 => "none",
            SetUpStep.Accounts when state.Figures[1] is 0 => "pay",
            SetUpStep.Rates when state.Figures[1] is > 0 => "since",
            _ => "missing",
        };
        // Nothing bears interest, or nothing was brought: done, and said so.
        if (state is { Done: true, Step: SetUpStep.Rates } && state.Figures[0] is 0) variant = "off";
        if (state is { Done: true, Step: SetUpStep.Balances } && state.Figures[0] is 0) variant = "off";
        return words[$"step.{state.Step}.{variant}", figures];
    }

    /// <summary>The first is where most begin.</summary>
    public static IReadOnlyList<(string Word, string Href)> Links(SetUpStep step) => step switch
    {
        SetUpStep.Building => [("go.settings", "/settings")],
        SetUpStep.Units => [("go.generate", "/set-up/units"), ("go.import", "/set-up/import"), ("go.towers", "/towers")],
        SetUpStep.Coefficients => [("go.import", "/set-up/import"), ("go.units", "/units")],
        SetUpStep.People => [("go.import", "/set-up/import"), ("go.people", "/people")],
        SetUpStep.Concepts => [("go.concepts", "/billing/concepts")],
        SetUpStep.Rates => [("go.rates", "/billing/rates"), ("go.settings", "/settings")],
        SetUpStep.Accounts => [("go.ledger", "/ledger"), ("go.settings", "/settings")],
        SetUpStep.Balances => [("go.import", "/set-up/import")],
        _ => [("go.billing", "/billing")],
    };

    /// <summary>The column names that a template has, by what it is for.</summary>
    public static IReadOnlyList<ImportField> Template(string? kind) => kind switch
    {
        "units" => [ImportField.Tower, ImportField.Number, ImportField.Floor, ImportField.Area, ImportField.Coefficient, ImportField.Fee],
        "people" =>
        [
            ImportField.Tower, ImportField.Number, ImportField.Owner, ImportField.OwnerDocumentKind, ImportField.OwnerDocument,
            ImportField.OwnerMail, ImportField.OwnerPhone, ImportField.Tenant, ImportField.TenantDocument, ImportField.TenantMail,
            ImportField.TenantPhone,
        ],
        "vehicles" => [ImportField.Tower, ImportField.Number, ImportField.Plate, ImportField.VehicleKind, ImportField.Space],
        "balances" => [ImportField.Tower, ImportField.Number, ImportField.Concept, ImportField.Balance, ImportField.DueOn],
        "ages" =>
        [
            ImportField.Tower, ImportField.Number, ImportField.NotDue, ImportField.Days30, ImportField.Days60, ImportField.Days90,
            ImportField.Older, ImportField.Interest,
        ],
        _ =>
        [
            ImportField.Tower, ImportField.Number, ImportField.Floor, ImportField.Area, ImportField.Coefficient, ImportField.Owner,
            ImportField.OwnerDocument, ImportField.OwnerMail, ImportField.OwnerPhone, ImportField.Tenant, ImportField.TenantDocument,
            ImportField.Plate, ImportField.Space, ImportField.Days30, ImportField.Days60, ImportField.Days90, ImportField.Older,
            ImportField.Interest,
        ],
    };

    public static readonly IReadOnlyList<string> Kinds = ["whole", "units", "people", "vehicles", "balances", "ages"];
}
