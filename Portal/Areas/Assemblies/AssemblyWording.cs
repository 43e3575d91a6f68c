using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>How assemblies, their items and their figures are said.</summary>
internal static class AssemblyWording
{
    /// <summary>Shares are written with four decimals, as the bylaws print them: a rounded one would tell another winner.</summary>
    public static string Share(decimal coefficient) => Formats.Number(coefficient, 4);

    public static string Name(IStringLocalizer<AssemblyWords> words, AssemblyKind kind, int call) =>
        call > 1 ? words[$"kind.{kind}.second"] : words[$"kind.{kind}"];

    public static (Tone Tone, Glyph Icon) Look(AssemblyState state) => state switch
    {
        AssemblyState.Draft => (Tone.Warn, Glyph.Edit),
        AssemblyState.Convened => (Tone.Info, Glyph.Calendar),
        AssemblyState.Open => (Tone.Ok, Glyph.Play),
        AssemblyState.Closed => (Tone.Neutral, Glyph.Lock),
        AssemblyState.Published => (Tone.Ok, Glyph.CheckCircle),
        AssemblyState.Adjourned => (Tone.Warn, Glyph.Clock),
        _ => (Tone.Neutral, Glyph.Close),
    };

    /// <summary>What Yes needs, as a number where there is one: "más de 31,8808", "80 de 158", "70 de 100".</summary>
    /// <param name="represented">What is there, or was when it closed.</param>
    /// <param name="total">Of all units; 0 before the register is frozen.</param>
    public static string Needs(IStringLocalizer<AssemblyWords> words, ItemView item, Tally represented, decimal total) => item.Threshold switch
    {
        VoteThreshold.Informative => words["need.none"],
        VoteThreshold.Qualified => words["need.qualified", Share(total == 0 ? 70 : total * Outcome.QualifiedPercent / 100)],
        _ when represented.Units == 0 => words["need.half"],
        _ when item.Basis == VoteBasis.Unit => words["need.units", represented.Units / 2 + 1, represented.Units],
        _ => words["need.more", Share(represented.Coefficient / 2)],
    };

    /// <summary>A figure in what it is weighed by.</summary>
    public static string Weight(VoteBasis basis, decimal weight) => basis == VoteBasis.Unit ? Formats.Number(weight) : Share(weight);

    public static string Units(IStringLocalizer<AssemblyWords> words, int count) =>
        words[count == 1 ? "units.one" : "units.many", Formats.Number(count)];

    /// <summary>A state in words, for refusals that name one.</summary>
    public static IReadOnlyList<Error> Said(IStringLocalizer<AssemblyWords> words, IEnumerable<Error> errors) =>
        [.. errors.Select(e => e with { Values = [.. e.Values.Select(v => v is AssemblyState state ? words[$"state.{state}"].Value.ToLower(System.Globalization.CultureInfo.CurrentCulture) : v)] })];

    public static string Explained(this Result result, IStringLocalizer<AssemblyWords> words, IStringLocalizer<SharedWords> shared) =>
        string.Join(" ", Said(words, result.Errors).Select(e => e.Explain(shared, words)));
}
