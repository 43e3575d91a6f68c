using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Notices;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Areas.Api;

public sealed partial class ApiEndpoints
{
    private static ApiNotice Shown(NoticeRow n, ApiCall call) =>
        new(n.Id, n.Title, n.Body, n.Urgent, call.Wall(n.PublishAt), call.Wall(n.ExpiresAt), n.Version, n.Corrected);

    private static ApiAccount Shown(ApartmentAccount a) => new(
        a.ApartmentId, a.Tower, a.Number, a.Today, ApiCall.Pesos(a.Owed), ApiCall.Pesos(a.Overdue), ApiCall.Pesos(a.Credit),
        ApiCall.Pesos(a.Waiting), ApiCall.Pesos(a.ToPay),
        [
            .. a.Open.Select(c => new ApiCharge(
                c.Id, c.Kind, c.Concept, c.Number, c.Period, c.IssuedOn, c.DueOn, ApiCall.Pesos(c.Amount), ApiCall.Pesos(c.Owed))),
        ]);

    private static ApiStatement Shown(AccountStatement s) => new(
        s.Account.ApartmentId, s.From, s.To, ApiCall.Pesos(s.Opening), ApiCall.Pesos(s.Closing),
        [
            .. s.Movements.Select(m => new ApiMovement(
                m.Date, m.PaymentId, m.ChargeId, m.Number, m.Concept, ApiCall.Pesos(m.Charge), ApiCall.Pesos(m.Payment),
                ApiCall.Pesos(m.Balance))),
        ]);

    private static ApiPayment Shown(PaymentRow p, ApiCall call) => new(
        p.Id, p.Receipt, call.Wall(p.At), p.ApartmentId, p.Tower, p.Apartment, p.Payer, p.Method, p.Reference, p.State,
        ApiCall.Pesos(p.Amount),
        call.Wall(p.ConfirmedAt), p.Note);

    private static ApiPaymentDetail Shown(PaymentDetail p, ApiCall call) => new(
        p.Id, p.Receipt, p.VerificationCode, p.State, ApiCall.Pesos(p.Amount), call.Wall(p.At), p.ApartmentId, p.Tower, p.Apartment,
        p.PayerId,
        p.Payer, p.Method, p.Reference, p.Note, call.Wall(p.ConfirmedAt), p.EndReason, ApiCall.Pesos(p.Credit),
        [
            .. p.Lines.Concat(p.Later.Select(l => l.Line)).Select(l => new ApiApplied(
                l.Concept, l.Period, l.DueOn, ApiCall.Pesos(l.Owed), ApiCall.Pesos(l.Amount), l.Reversed)),
        ]);

    private static ApiCase Shown(PqrsRow c, ApiCall call) => new(
        c.Id, c.Number, c.Title, c.State, c.Kind, c.Category, c.Petitioner, c.Apartment?.Id, Name(c.Apartment), call.Wall(c.FiledAt),
        c.DueOn,
        c.Overdue);

    private static ApiCaseDetail Shown(PqrsDetail c, ApiCall call) => new(
        c.Id, c.Number, c.Title, c.State, c.Kind, c.Category, c.Channel, c.Petitioner.Name, c.Apartment?.Id, Name(c.Apartment),
        call.Wall(c.FiledAt), c.DueOn, c.Assignee?.Name,
        [.. c.Entries.Select(e => new ApiCaseEntry(e.Id, e.Kind, e.State, e.Author.Name, e.Text, call.Wall(e.At)))]);

    private static ApiAvailability Shown(long facility, FacilityDays d, ApiCall call) => new(
        facility, d.Day, [.. d.Days.Select(day => new ApiDay(day.Date, day.Free, day.Slots))],
        [.. d.Slots.Select(s => new ApiSlot(call.Wall(s.Start), call.Wall(s.End), s.Free, s.Left))]);

    private static ApiReservation Shown(ReservationRow r, ApiCall call) => new(
        r.Id, r.Number, r.FacilityId, r.Facility, call.Wall(r.Start), call.Wall(r.End), r.State, r.ApartmentId, r.Apartment, r.Person,
        r.People,
        ApiCall.Pesos(r.Price), ApiCall.Pesos(r.Deposit), call.Wall(r.CancelFreeUntil));

    // Documents of visitors stay where they are needed: at the gate.
    private static ApiVisit Shown(VisitRow v, ApiCall call) => new(
        v.Id, v.Name, v.Kind, v.State, v.Unit, v.Host, v.People, v.Plate, v.Date,
        v.Entered is { } entered ? call.Wall(v.Date.ToDateTime(entered)) : null,
        v.Left is { } left ? call.Wall((v.LeftOn ?? v.Date).ToDateTime(left)) : null);

    private static string? Name(PqrsPlace? place) => place is null ? null : $"{place.Tower} {place.Number}";
}
