using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.OnlinePayments;
using Portal.Resources;

namespace Portal.Areas.OnlinePayments;

/// <summary>What payments over the gateway are called on screens.</summary>
public static class OnlineWording
{
    public static Tone ToneOf(OnlineState state) => state switch
    {
        OnlineState.Approved => Tone.Ok,
        OnlineState.Pending or OnlineState.Started => Tone.Info,
        OnlineState.Review => Tone.Warn,
        OnlineState.Declined => Tone.Bad,
        _ => Tone.Neutral,
    };

    public static Glyph IconOf(OnlineState state) => state switch
    {
        OnlineState.Approved => Glyph.CheckCircle,
        OnlineState.Pending or OnlineState.Started => Glyph.Clock,
        OnlineState.Review => Glyph.Warning,
        OnlineState.Declined => Glyph.CloseCircle,
        OnlineState.Refunded => Glyph.Undo,
        _ => Glyph.Stop,
    };

    /// <summary>What a person is told of it in one sentence.</summary>
    public static string Told(this IStringLocalizer<OnlineWords> words, OnlineDetails payment, bool office) => payment.Row.State switch
    {
        OnlineState.Review when office => words[
            $"told.Review.{payment.Row.Reason}", Formats.Money(payment.Row.Received ?? 0), Formats.Money(payment.Row.Amount)],
        OnlineState.Started when payment.PayAddress is null => words["told.Started.none"],
        var state => words[$"told.{state}"],
    };
}
