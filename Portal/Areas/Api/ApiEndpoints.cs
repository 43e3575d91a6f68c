using System.Security.Cryptography;
using System.Text;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Notices;
using Portal.Data.Passes;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Areas.Api;

/// <summary>
/// The operations for other programs of the building. Each is a service's method, asked in the name of who made the key and narrowed to its
/// scopes: what may be seen and done is decided where it always is.
/// </summary>
public sealed partial class ApiEndpoints : WebArea
{
    public override void Register(IServiceCollection services)
    {
        services.AddScoped<ApiCall>();
        services.AddApiDocument();
    }

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapApiDocument();

        // The front has asked for the key, and for one of the scopes: see ApiFront.
        var api = app.MapGroup(ApiFront.Root).AllowAnonymous().DisableAntiforgery();
        MapBuilding(api);
        MapMoney(api);
        MapCases(api);
        MapBookings(api);
        MapGate(api);
    }

    private static void MapBuilding(RouteGroupBuilder api)
    {
        api.MapGet("/towers", async (ApiCall call, BuildingService building, int page = 1, int size = 20, string? search = null,
            CancellationToken ct = default) =>
                Listed(await building.TowersAsync(Query(page, size, search), call.User, ct), page, size, t =>
                    new ApiTower(t.Id, t.Name, t.Floors, t.Apartments)))
            .As("listTowers", "Building", "The towers, by name", [Permissions.BuildingView], ListOf(ApiExamples.Tower));
        api.MapGet(
                "/apartments",
                async (
                    ApiCall call, BuildingService building, int page = 1, int size = 20, string? search = null, int? tower = null,
                    OccupancyState? state = null, CancellationToken ct = default) =>
                    Listed(
                        await building.ApartmentsAsync(Query(page, size, search, ("tower", tower), ("state", state)), call.User, ct), page,
                        size,
                        a => new ApiApartment(
                            a.Id, a.TowerId, a.Tower, a.Number, a.Floor, a.State, a.Owner, a.Coefficient, a.Area, Pesos(a.MonthlyFee))))
            .As("listApartments", "Building", "The apartments, by tower and number", [Permissions.BuildingView],
                ListOf(ApiExamples.Apartment));
        api.MapGet("/apartments/{id:long}",
            async (long id, HttpContext http, ApiCall call, BuildingService building, CancellationToken ct) =>
                await building.FindAsync(id, call.User, ct) is { } a
                    ? Results.Ok(new ApiApartment(
                        a.Id, a.TowerId, a.Tower, a.Number, a.Floor, a.State, a.Ties.FirstOrDefault(t => t.Main)?.Name, a.Coefficient,
                        a.Area,
                        Pesos(a.MonthlyFee)))
                    : http.Refuse(Error.NotFound))
            .As("getApartment", "Building", "One apartment", [Permissions.BuildingView], ApiExamples.Apartment, one: true);
        api.MapGet(
                "/apartments/{id:long}/people",
                async (long id, HttpContext http, ApiCall call, BuildingService building, BuildingClock clock, CancellationToken ct) =>
                    await building.FindAsync(id, call.User, ct) is { } a
                        ? Results.Ok(a.Ties.Where(t => t.HoldsOn(clock.Today)).Select(t =>
                            new ApiPerson(t.OwnerId, t.Name, t.Kind, t.StartedOn, t.EndedOn, t.Main)).ToList())
                        : http.Refuse(Error.NotFound))
            .As(
                "listApartmentPeople", "Building", "Who owns an apartment or lives in it today", [Permissions.BuildingView],
                new List<ApiPerson> { ApiExamples.Person }, one: true);
        api.MapGet("/notices", async (ApiCall call, NoticeService notices, int page = 1, int size = 20, string? search = null,
            CancellationToken ct = default) =>
                Listed(await notices.ListAsync(Query(page, size, search), call.User, ct), page, size, n => Shown(n, call)))
            .As("listNotices", "Notices", "Notices that are up now for the owner of the key, the newest first", [Permissions.NoticesView],
                ListOf(ApiExamples.Notice));
        api.MapGet("/notices/{id:long}", async (long id, HttpContext http, ApiCall call, NoticeService notices, CancellationToken ct) =>
                await notices.FindAsync(id, call.User, ct) is { } n ? Results.Ok(Shown(n, call)) : http.Refuse(Error.NotFound))
            .As("getNotice", "Notices", "One notice", [Permissions.NoticesView], ApiExamples.Notice, one: true);
    }

    private static void MapMoney(RouteGroupBuilder api)
    {
        string[] sees = [Permissions.PaymentsView, Permissions.PaymentsViewOwn];
        api.MapGet("/apartments/{id:long}/account",
            async (long id, HttpContext http, ApiCall call, ApartmentAccounts accounts, CancellationToken ct) =>
                await accounts.FindAsync(id, call.User, ct) is { } a ? Results.Ok(Shown(a)) : http.Refuse(Error.NotFound))
            .As("getAccount", "Money", "What an apartment owes today, and its open charges", sees, ApiExamples.Account, one: true);
        api.MapGet(
                "/apartments/{id:long}/statement",
                async (long id, DateOnly from, DateOnly to, HttpContext http, ApiCall call, ApartmentAccounts accounts,
                    CancellationToken ct) =>
                    to < from || to.DayNumber - from.DayNumber > 3 * 366
                        ? http.Refuse(StatusCodes.Status422UnprocessableEntity, new Error("api.period", "from"))
                    : await accounts.StatementAsync(id, from, to, call.User, ct) is { } s
                        ? Results.Ok(Shown(s)) : http.Refuse(Error.NotFound))
            .As("getStatement", "Money", "Charges and payments of a period (three years at most), with the balance after each", sees,
                ApiExamples.Statement, one: true, rules: true);
        api.MapGet("/payment-methods", async (ApiCall call, PaymentService payments, CancellationToken ct) =>
                Results.Ok((await payments.MethodsAsync(ct)).Select(m => new ApiOption(m.Id, m.Name)).ToList()))
            .As("listPaymentMethods", "Money", "Ways to pay", [Permissions.PaymentsRecord, .. sees],
                new List<ApiOption> { new(2, "Transferencia") });
        api.MapGet(
                "/payments",
                async (
                    ApiCall call, PaymentService payments, int page = 1, int size = 20, string? search = null, DateOnly? from = null,
                    DateOnly? to = null, PaymentState? state = null, long? apartment = null, CancellationToken ct = default) =>
                {
                    var found = await payments.ListAsync(
                        Query(page, size, search, ("from", from), ("to", to), ("state", state), ("apartment", apartment)), call.User, ct);
                    return Listed(found.Page, page, size, p => Shown(p, call));
                })
            .As("listPayments", "Money", "Payments, the latest first", sees, ListOf(ApiExamples.Payment));
        api.MapGet("/payments/{id:long}", async (long id, HttpContext http, ApiCall call, PaymentService payments, CancellationToken ct) =>
                await payments.FindAsync(id, call.User, ct) is { } p ? Results.Ok(Shown(p, call)) : http.Refuse(Error.NotFound))
            .As("getPayment", "Money", "One payment, and what it was applied to", sees, ApiExamples.PaymentDetail, one: true);
        api.MapPost("/payments", async (ApiNewPayment body, HttpContext http, ApiCall call, PaymentDesk desk, CancellationToken ct) =>
                await MakeAsync<long>(
                    http, call, "payments", made => made,
                    user => desk.RecordAsync(
                        new PaymentInput(
                            body.ApartmentId, body.PayerId, body.Amount, body.MethodId, body.Reference, body.Date, body.Time, body.Note,
                            body.ChargeId),
                        user, ct)))
            .Makes(
                "recordPayment", "Money",
                "Records a payment that was received; with payments.confirm it is confirmed at once and gets its receipt",
                [Permissions.PaymentsRecord],
                ApiExamples.NewPayment, needsKey: true);
    }

    private static void MapCases(RouteGroupBuilder api)
    {
        string[] sees = [Permissions.PqrsView, Permissions.PqrsFileOwn];
        api.MapGet("/case-categories", async (ApiCall call, PqrsService cases, CancellationToken ct) =>
                Results.Ok((await cases.CategoriesAsync(call.User, ct)).Select(c => new ApiOption(c.Id, c.Name)).ToList()))
            .As("listCaseCategories", "Cases", "What cases can be about", sees, new List<ApiOption> { new(1, "Convivencia") });
        api.MapGet(
                "/cases",
                async (
                    ApiCall call, PqrsService cases, int page = 1, int size = 20, string? search = null, PqrsState? state = null,
                    PqrsKind? kind = null, long? apartment = null, bool overdue = false, CancellationToken ct = default) =>
                    Listed(
                        await cases.ListAsync(
                            Query(
                                page, size, search, ("state", state), ("kind", kind), ("apartment", apartment),
                                ("due", overdue ? "overdue" : null)),
                            call.User, ct),
                        page, size, c => Shown(c, call)))
            .As("listCases", "Cases", "Petitions, complaints, claims and suggestions (PQRS)", sees, ListOf(ApiExamples.Case));
        api.MapGet("/cases/{id:long}", async (long id, HttpContext http, ApiCall call, PqrsService cases, CancellationToken ct) =>
            {
                if (await cases.FindAsync(id, call.User, ct) is not { } found) return http.Refuse(Error.NotFound);
                http.Response.Headers.ETag = TagOf(found);
                return Results.Ok(Shown(found, call));
            })
            .As("getCase", "Cases", "One case with its history; its ETag is wanted when it is answered", sees, ApiExamples.CaseDetail,
                one: true);
        api.MapPost("/cases", async (ApiNewCase body, HttpContext http, ApiCall call, PqrsFilingService filing, CancellationToken ct) =>
            {
                // A key that files for others alone names whom.
                if (body.PersonId is null && !call.User.Can(Permissions.PqrsFileOwn)) return http.Refuse(Error.Required("personId"));
                var filed = new PqrsFiling(body.Kind, body.CategoryId, body.ApartmentId, body.Title, body.Description, []);
                return await MakeAsync<PqrsFiled>(
                    http, call, "cases", made => made.Id,
                    user => body.PersonId is { } person
                        ? filing.FileForAsync(
                            new PqrsDeskFiling(person, body.Channel ?? PqrsChannel.Web, body.Priority ?? PqrsPriority.Medium, filed), user,
                            ct)
                        : filing.FileAsync(filed, user, ct));
            })
            .Makes(
                "fileCase", "Cases", "Files a case: for a person (pqrs.handle), or in the name of the key's owner (pqrs.file_own)",
                [Permissions.PqrsHandle, Permissions.PqrsFileOwn], ApiExamples.NewCase);
        api.MapPost(
                "/cases/{id:long}/answer",
                async (long id, ApiAnswer body, HttpContext http, ApiCall call, PqrsService cases, PqrsHandlingService handling,
                    CancellationToken ct) =>
                {
                    if (await cases.FindAsync(id, call.User, ct) is not { } found) return http.Refuse(Error.NotFound);
                    if (http.Request.Headers.IfMatch.ToString() is not { Length: > 0 } match)
                        return http.Refuse(StatusCodes.Status428PreconditionRequired, new Error("api.match_missing"));
                    if (match != TagOf(found)) return http.Refuse(StatusCodes.Status412PreconditionFailed, Error.Stale);

                    // What matched is compared once more under the case's lock: of two that read the same, one is answered.
                    var answered = body.Resolve
                        ? await handling.MoveAsync(id, PqrsAct.Resolve, body.Text, found.Seen, call.User, ct, found.Version)
                        : await handling.ReplyAsync(id, body.Text, [], call.User, ct, found.Version);
                    return answered.Ok ? Results.NoContent()
                        : answered.Error!.Code == Error.Stale.Code ? http.Refuse(StatusCodes.Status412PreconditionFailed, Error.Stale)
                        : http.Refuse(answered);
                })
            .Does("answerCase", "Cases", "Answers a case; with resolve for good. Wants the ETag of GET in If-Match",
                [Permissions.PqrsHandle], ApiExamples.Answer, match: true);
    }

    private static void MapBookings(RouteGroupBuilder api)
    {
        string[] books = [Permissions.ReservationsManage, Permissions.ReservationsBookOwn];
        api.MapGet("/facilities", async (ApiCall call, FacilityService facilities, int page = 1, int size = 20, string? search = null,
            CancellationToken ct = default) =>
                Listed(await facilities.ListAsync(Query(page, size, search), call.User, ct), page, size, f => new ApiFacility(
                    f.Id, f.Name, f.Kind, f.State, f.Capacity, f.Shared, ApiCall.Pesos(f.HourlyRate), ApiCall.Pesos(f.Deposit),
                    f.ApprovalRequired)))
            .As("listFacilities", "Bookings", "What can be booked", [Permissions.FacilitiesView], ListOf(ApiExamples.Facility));
        api.MapGet(
                "/facilities/{id:long}/availability",
                async (
                    long id, HttpContext http, ApiCall call, BookingService booking, BuildingClock clock, DateOnly? day = null,
                    int days = 7,
                    int? minutes = null, CancellationToken ct = default) =>
                {
                    var on = day ?? clock.Today;
                    if (Math.Abs(on.DayNumber - clock.Today.DayNumber) > 3660)
                        return http.Refuse(StatusCodes.Status422UnprocessableEntity, new Error("api.period", "day"));
                    var found = await booking.DaysAsync(id, on, days, on, minutes, call.User, ct);
                    return found.Ok ? Results.Ok(Shown(id, found.Value, call)) : http.Refuse(found);
                })
            .As("getAvailability", "Bookings", "The slots of a day, and how many are free on the days from it on (42 at most)", books,
                ApiExamples.Availability, one: true, rules: true);
        api.MapGet(
                "/reservations",
                async (
                    ApiCall call, ReservationLists lists, int page = 1, int size = 20, string? search = null, DateOnly? from = null,
                    DateOnly? to = null, ReservationState? state = null, long? facility = null, CancellationToken ct = default) =>
                    Listed(
                        await lists.ListAsync(
                            Query(page, size, search, ("from", from), ("to", to), ("state", state), ("facility", facility)), call.User, ct),
                        page, size, r => Shown(r, call)))
            .As(
                "listReservations", "Bookings", "Reservations, the latest start first",
                [Permissions.ReservationsView, Permissions.ReservationsBookOwn],
                ListOf(ApiExamples.Reservation));
        api.MapGet("/reservations/{id:long}", async (long id, HttpContext http, ApiCall call, OwnReservations own, CancellationToken ct) =>
                await own.FindAsync(id, call.User, ct) is { Ok: true } found
                    ? Results.Ok(Shown(found.Value.Row, call)) : http.Refuse(Error.NotFound))
            .As("getReservation", "Bookings", "One reservation", books, ApiExamples.Reservation, one: true);
        api.MapPost("/reservations", async (ApiNewReservation body, HttpContext http, ApiCall call, ReservationService reservations,
            CancellationToken ct) =>
            {
                List<Error> errors = [];
                var (start, end) = (call.Read(body.Start, "start", errors), call.Read(body.End, "end", errors));
                if (errors.Count > 0) return http.Refuse(errors);
                return await MakeAsync<Booked>(
                    http, call, "reservations", made => made.Id,
                    user => reservations.BookAsync(
                        new BookingInput(
                            body.FacilityId, start!.Value, end!.Value, body.People, body.TermsAccepted, body.ApartmentId, body.Notes,
                            body.PersonId),
                        user, ct));
            })
            .Makes("book", "Bookings", "Books a facility, or says everything that stands against it", books, ApiExamples.NewReservation);
        api.MapPost(
                "/reservations/{id:long}/cancel",
                async (long id, ApiCancellation body, HttpContext http, ApiCall call, ReservationService reservations,
                    CancellationToken ct) =>
                    await reservations.CancelAsync(id, body.Reason, body.AgreedCharge, call.User, ct) is { Ok: false } refused
                        ? http.Refuse(refused)
                        : Results.NoContent())
            .Does("cancelReservation", "Bookings", "Cancels a reservation and frees its place", books, ApiExamples.Cancellation);
    }

    private static void MapGate(RouteGroupBuilder api)
    {
        api.MapGet(
                "/visits",
                async (
                    ApiCall call, GateService gate, int page = 1, int size = 20, string? search = null, DateOnly? from = null,
                    DateOnly? to = null,
                    VisitorState? state = null, VisitorKind? kind = null, CancellationToken ct = default) =>
                    Listed(
                        await gate.LogAsync(Query(page, size, search, ("from", from), ("to", to), ("state", state), ("kind", kind)),
                            call.User, ct),
                        page, size, v => Shown(v, call)))
            .As(
                "listVisits", "Gate", "Visits, announced and come, the latest first; that the log was looked at is noted",
                [Permissions.GateView, Permissions.GateAnnounceOwn], ListOf(ApiExamples.Visit));
        api.MapPost("/visits", async (ApiNewVisit body, HttpContext http, ApiCall call, PassService passes, CancellationToken ct) =>
            {
                List<Error> errors = [];
                var (from, until) = (call.Read(body.From, "from", errors), call.Read(body.Until, "until", errors));
                if (string.IsNullOrWhiteSpace(body.Name)) errors.Add(Error.Required("name"));
                if (errors.Count > 0) return http.Refuse(errors);
                var announced = new Announcement(
                    body.Kind, body.ApartmentId, body.Name!, body.Identification, body.People, body.Plate, body.Company, from!.Value,
                    until!.Value);
                return await MakeAsync<PassMade>(http, call, null, made => made.VisitId, user => passes.InviteAsync(announced, user, ct));
            })
            .Makes("announceVisit", "Gate", "Announces a visit to an apartment of the key's owner", [Permissions.GateAnnounceOwn],
                ApiExamples.NewVisit);
    }

    /// <summary>Makes something once: a repetition under the same <c>Idempotency-Key</c> is told what was made the first time.</summary>
    /// <param name="where">Below which address it is read; null where one alone is not.</param>
    private static async Task<IResult> MakeAsync<T>(
        HttpContext http, ApiCall call, string? where, Func<T, long?> id, Func<CurrentUser, Task<Result<T>>> make)
    {
        var made = await make(call.Once(value => id((T)value)));
        if (made.Ok) return Made(id(made.Value));
        if (made.Error is not { Code: OnlyOnce.Repeated, Values: [long first] }) return http.Refuse(made);
        http.Response.Headers["Idempotency-Replayed"] = "true";
        return Made(first);

        IResult Made(long? number) =>
            Results.Created(where is null ? null : $"{ApiFront.Root}/{where}/{number}", new ApiMade(number ?? 0));
    }

    private static ListQuery Query(int page, int size, string? search, params (string Name, object? Value)[] filters) => new(
        search, null, false, Math.Max(page, 1), Math.Clamp(size, 1, ListQuery.LargestPage),
        filters.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => Filter(f.Name, f.Value!)));

    /// <summary>A filter that means nothing here would be none, and give everything: it is refused.</summary>
    /// <exception cref="BadHttpRequestException">A word that is not in its list, or a day of another age.</exception>
    private static string Filter(string name, object value) => value switch
    {
        DateOnly { Year: >= 1900 and <= 2200 } day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly => throw new BadHttpRequestException($"{name} is out of range."),
        Enum word when !Enum.IsDefined(word.GetType(), word) => throw new BadHttpRequestException($"{name} is not known."),
        _ => $"{value}",
    };

    private static IResult Listed<TRow, TShown>(Page<TRow> found, int page, int size, Func<TRow, TShown> show)
    {
        (page, size) = (Math.Max(page, 1), Math.Clamp(size, 1, ListQuery.LargestPage));

        // Services give the last page to who asks beyond it; a program would read it for ever.
        var beyond = (long)(page - 1) * size >= found.Total;
        return Results.Ok(new ApiList<TShown>(beyond ? [] : [.. found.Rows.Select(show)], page, size, found.Total));
    }

    private static ApiList<T> ListOf<T>(T one) => new([one], 1, 20, 1);

    private static long? Pesos(decimal? amount) => amount is { } some ? ApiCall.Pesos(some) : null;

    /// <summary>A case as it was seen; what the service compares when somebody acts on it.</summary>
    private static string TagOf(PqrsDetail found)
    {
        var (seen, last) = found.Version;
        var text = $"{found.Id}|{seen.State}|{seen.AssignedTo}|{seen.Priority}|{seen.DueOn:yyyyMMdd}|{last}";
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32]}\"";
    }
}
