using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Api;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Identity;
using Portal.Data.Payments;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Api;

/// <summary>What a key opens, and what it does not; that what is repeated is done once; what refusals look like.</summary>
public sealed class ApiTests(TestDatabase database) : DatabaseTest(database)
{
    private ApiWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = await ApiWorld.StartAsync(Database);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_key_reads_what_its_scopes_name_and_nothing_else()
    {
        var key = await _world.KeyAsync(Permissions.BuildingView);
        var towers = await _world.GetAsync("/api/v1/towers", key.Secret);
        Assert.Equal(HttpStatusCode.OK, towers.Status);
        Assert.Equal("no-store", towers.Response.Headers.CacheControl?.ToString());
        Assert.False(towers.Response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("Torre A", towers.Json.GetProperty("items")[0].GetProperty("name").GetString());
        var apartment = (await _world.GetAsync($"/api/v1/apartments/{_world.Apartment}", key.Secret)).Json;
        Assert.Equal(("101", JsonValueKind.Null),
            (apartment.GetProperty("number").GetString(), apartment.GetProperty("monthlyFee").ValueKind));
        var person = (await _world.GetAsync($"/api/v1/apartments/{_world.Apartment}/people", key.Secret)).Json[0];
        Assert.Equal((_world.Person, "owner"), (person.GetProperty("personId").GetInt64(), person.GetProperty("kind").GetString()));

        Assert.Equal((403, "api.scope"), (await _world.GetAsync("/api/v1/payments", key.Secret)).Problem);
        Assert.Equal((403, "api.scope"), (await _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment(), "a")).Problem);
        Assert.Equal(0, await _world.PaymentsAsync());
        Assert.Equal((404, "not_found"), (await _world.GetAsync("/api/v1/apartments/987654", key.Secret)).Problem);

        // The owner of the key has seen it: when, and from where.
        var row = await _world.ReadAsync(db => db.ApiKeys.AsNoTracking().SingleAsync());
        Assert.Equal((_world.Clock.Utc, "198.51.100.7"), (row.UsedAt, row.UsedFrom));
        Assert.DoesNotContain(key.Secret, await _world.ReadAsync(async db =>
            string.Concat(await db.AuditLog.Select(e => e.NewValue ?? "").ToListAsync()) + row.SecretHash));
    }

    [Fact]
    public async Task Every_operation_asks_for_one_of_its_scopes()
    {
        var (building, money) = (await _world.KeyAsync(Permissions.BuildingView), await _world.KeyAsync(Permissions.PaymentsView));
        var operations = Operations();
        Assert.True(operations.Count >= 25);
        foreach (var (operation, path, get) in operations)
        {
            var scopes = operation.AnyOf;
            Assert.NotEmpty(scopes);
            var key = scopes.Contains(Permissions.BuildingView) ? money : building;
            var answer = get
                ? await _world.GetAsync(path, key.Secret)
                : await _world.PostAsync(path, key.Secret, new { }, "once");
            Assert.True((403, "api.scope") == answer.Problem, $"{path}: {answer.Problem}");
        }
    }

    [Fact]
    public async Task One_of_its_scopes_is_enough_for_an_operation_and_all_others_are_not()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            // Who files or books for themselves has to be a resident too.
            db.AddOwner(await db.Users.SingleAsync(u => u.Id == _world.Admin));
            var has = await db.RolePermissions.Where(r => r.RoleId == Roles.Admin).Select(r => r.PermissionId).ToListAsync();
            var lacks = await db.Permissions.Where(p => ApiScopes.All.Contains(p.Name) && !has.Contains(p.Id)).Select(p => p.Id)
                .ToListAsync();
            db.RolePermissions.AddRange(lacks.Select(id => new RolePermission { RoleId = Roles.Admin, PermissionId = id }));
            await db.SaveChangesAsync();
        }

        Dictionary<string, string> keys = [];
        foreach (var (operation, path, get) in Operations())
        {
            foreach (var scope in operation.AnyOf)
            {
                var answer = await AskAsync(path, get, await KeyAsync([scope]));
                Assert.True(answer.Status != HttpStatusCode.Forbidden, $"{path} with {scope} alone: {answer.Text}");
            }

            var others = await AskAsync(path, get, await KeyAsync([.. ApiScopes.All.Except(operation.AnyOf)]));
            Assert.True((403, "api.scope") == others.Problem, $"{path} with all but its own: {others.Problem}");
        }

        async Task<string> KeyAsync(string[] scopes)
        {
            var name = string.Join(',', scopes);
            if (!keys.TryGetValue(name, out var secret))
                keys[name] = secret = (await _world.KeyAsync(new ApiKeyInput("Una", scopes, PerMinute: 1000))).Secret;
            return secret;
        }

        async Task<Answered> AskAsync(string path, bool get, string secret) =>
            get ? await _world.GetAsync(path, secret) : await _world.PostAsync(path, secret, new { }, $"{Guid.NewGuid()}", "\"x\"");
    }

    [Fact]
    public async Task Keys_wait_for_their_owner_after_a_password_was_set_with_a_code_or_the_account_was_off()
    {
        var key = await _world.KeyAsync(Permissions.BuildingView);
        var (accounts, admin) = (_world.Host.Services.CreateScope().ServiceProvider, await _world.AdminAsync());
        await _world.Store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            db.AddAccount("diego", Roles.Admin, "Diego", "Paz");
            await db.SaveChangesAsync(token);
            return Result.Done;
        }, default);
        var diego = await _world.ReadAsync(db => db.Users.Where(u => u.UserName == "diego").Select(u => u.Id).SingleAsync());
        var other = (await accounts.GetRequiredService<CurrentUserSource>().LoadAsync(diego, default))!.User;

        var code = (await accounts.GetRequiredService<AccountService>().IssueCodeAsync(_world.Admin, other, default)).Value;
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
        const string Chosen = "ten wild geese flew north";
        Assert.True((await accounts.GetRequiredService<PasswordService>().RedeemAsync(
            new CodeRedemption("carolina", code.Code, Chosen, Chosen, "198.51.100.7"), default)).Ok);
        Assert.Equal((401, "api.suspended"), (await _world.GetAsync("/api/v1/towers", key.Secret)).Problem);
        Assert.Equal(1, await BellsAsync());

        // Nobody else may say that it is in its owner's hands.
        var keys = accounts.GetRequiredService<ApiKeyService>();
        Assert.Equal("forbidden", (await keys.ResumeAsync(key.Id, other, default)).Error!.Code);
        Assert.Equal(FreshSignIn.Needed, (await keys.ResumeAsync(key.Id, admin with { SessionId = 0 }, default)).Error!.Code);
        Assert.True((await keys.ResumeAsync(key.Id, admin, default)).Ok);
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);

        foreach (var state in new[] { UserState.Inactive, UserState.Active })
            Assert.True((await accounts.GetRequiredService<AccountService>().SetStatusAsync(_world.Admin, state, other, default)).Ok);
        Assert.Equal((401, "api.suspended"), (await _world.GetAsync("/api/v1/towers", key.Secret)).Problem);
        Assert.Equal(2, await BellsAsync());

        Task<int> BellsAsync() => _world.ReadAsync(
            db => db.Notifications.CountAsync(n => n.RecipientId == _world.Admin && n.Type == "urgent.api_keys_suspended"));
    }

    [Fact]
    public async Task What_a_role_loses_its_keys_lose_at_once()
    {
        var key = await _world.KeyAsync(Permissions.PaymentsView, Permissions.BuildingView);
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/payments", key.Secret)).Status);
        await WithoutAsync(Permissions.PaymentsView);
        Assert.Equal((403, "api.scope"), (await _world.GetAsync("/api/v1/payments", key.Secret)).Problem);
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
        await WithoutAsync(Permissions.ApiManage);
        Assert.Equal((401, "api.owner"), (await _world.GetAsync("/api/v1/towers", key.Secret)).Problem);
    }

    [Fact]
    public async Task A_key_that_is_wrong_revoked_expired_or_its_owners_no_longer_opens_nothing()
    {
        var none = await _world.GetAsync("/api/v1/towers", null);
        Assert.Equal((401, "api.no_key"), none.Problem);
        Assert.Equal("Bearer", none.Response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal((401, "api.unknown"), (await _world.GetAsync("/api/v1/towers", ApiSecret.New())).Problem);
        Assert.Equal((401, "api.unknown"), (await _world.GetAsync("/api/v1/towers", "vhp_short")).Problem);

        var revoked = await _world.KeyAsync(Permissions.BuildingView);
        await _world.RevokeAsync(revoked.Id);
        Assert.Equal((401, "api.revoked"), (await _world.GetAsync("/api/v1/towers", revoked.Secret)).Problem);

        var short_ = await _world.KeyAsync(new ApiKeyInput("Corta", [Permissions.BuildingView], Days: 1));
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", short_.Secret)).Status);
        var before = _world.Clock.Utc;
        _world.Clock.Utc = before.AddDays(1).AddSeconds(1);
        Assert.Equal((401, "api.expired"), (await _world.GetAsync("/api/v1/towers", short_.Secret)).Problem);
        _world.Clock.Utc = before;

        var key = await _world.KeyAsync(Permissions.BuildingView);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.Users.Where(u => u.Id == _world.Admin)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.UserStatusId, UserState.Inactive));
        Assert.Equal((401, "api.owner"), (await _world.GetAsync("/api/v1/towers", key.Secret)).Problem);

        // Each left its line, with the key it was about where that is known.
        var lines = await _world.ReadAsync(db =>
            db.AuditLog.AsNoTracking().Where(e => e.Action == ApiDoor.Refused).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal([null, null, revoked.Id, short_.Id, key.Id], lines.Select(l => l.RecordId));
        Assert.All(lines, l => Assert.Equal("198.51.100.7", l.IpAddress));
    }

    [Fact]
    public async Task A_key_comes_only_from_its_networks()
    {
        var key = await _world.KeyAsync(new ApiKeyInput("Servidor", [Permissions.BuildingView],
            Addresses: "198.51.100.0/24, 2001:db8::/32"));
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
        _world.Address = IPAddress.Parse("::ffff:198.51.100.9");
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
        _world.Address = IPAddress.Parse("203.0.113.7");
        Assert.Equal((403, "api.address"), (await _world.GetAsync("/api/v1/towers", key.Secret)).Problem);
    }

    [Fact]
    public async Task Beyond_its_limit_a_key_waits_for_the_next_minute()
    {
        var key = await _world.KeyAsync(new ApiKeyInput("Lenta", [Permissions.BuildingView], PerMinute: 3));
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.GetAsync("/api/v1/towers", key.Secret)));
        Assert.Equal(3, all.Count(a => a.Status == HttpStatusCode.OK));
        var refused = all.First(a => a.Status != HttpStatusCode.OK);
        Assert.Equal((429, "api.too_often"), refused.Problem);
        Assert.Equal(50, refused.Response.Headers.RetryAfter?.Delta?.TotalSeconds);
        _world.Clock.Utc = _world.Clock.Utc.AddSeconds(50);
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
    }

    [Fact]
    public async Task Who_tries_keys_is_held_back_and_who_has_one_is_not()
    {
        var key = await _world.KeyAsync(Permissions.BuildingView);
        var tried = new List<(int, string?)>();
        for (var i = 0; i < 12; i++) tried.Add((await _world.GetAsync("/api/v1/towers", ApiSecret.New())).Problem);
        Assert.Equal((401, "api.unknown"), tried[0]);
        Assert.Equal((429, "api.wrong_keys"), tried[^1]);
        Assert.Equal(HttpStatusCode.OK, (await _world.GetAsync("/api/v1/towers", key.Secret)).Status);
        Assert.InRange(await _world.ReadAsync(db => db.AuditLog.CountAsync(e => e.Action == ApiDoor.Refused)), 10, 11);
    }

    [Fact]
    public async Task A_cookie_reaches_no_operation_and_a_key_no_page()
    {
        var visitor = _world.Host.NewVisitor();
        await visitor.SignInAsync("carolina", ApiWorld.Password);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/api/keys")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync("/api/v1/towers")).Status);

        var key = await _world.KeyAsync(Permissions.PaymentsView, Permissions.BuildingView);
        foreach (var path in new[] { "/payments", "/api/keys", "/api/docs", "/api/v1/openapi.json", "/payments/export" })
        {
            var answer = await _world.GetAsync(path, key.Secret);
            Assert.True(
                answer.Status == HttpStatusCode.Redirect && answer.Response.Headers.Location!.ToString()
                    .Contains("/sign-in", StringComparison.Ordinal),
                $"{path}: {answer.Status}");
        }
    }

    [Fact]
    public async Task The_same_idempotency_key_records_one_payment_however_often_it_comes()
    {
        var key = await _world.KeyAsync(Permissions.PaymentsRecord, Permissions.PaymentsConfirm, Permissions.PaymentsView);
        Assert.Equal((400, "api.key_missing"), (await _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment())).Problem);
        var all = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment(), "once-1")));
        Assert.All(all, a => Assert.True(a.Status == HttpStatusCode.Created, a.Text));
        var id = Assert.Single(all.Select(a => a.Json.GetProperty("id").GetInt64()).Distinct());
        Assert.Equal(5, all.Count(a => a.Response.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await _world.PaymentsAsync());
        Assert.Equal((422, OnlyOnce.Reused),
            (await _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment(200_000), "once-1")).Problem);

        // What was refused may be tried again under the same number.
        Assert.Equal((422, "payment.amount"),
            (await _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment(-5), "once-2")).Problem);
        Assert.Equal(HttpStatusCode.Created, (await _world.PostAsync("/api/v1/payments", key.Secret, _world.Payment(), "once-2")).Status);
        Assert.Equal(2, await _world.PaymentsAsync());

        // Another key's numbers are its own.
        var other = await _world.KeyAsync(Permissions.PaymentsRecord);
        Assert.Equal(HttpStatusCode.Created, (await _world.PostAsync("/api/v1/payments", other.Secret, _world.Payment(), "once-1")).Status);
        Assert.Equal(3, await _world.PaymentsAsync());

        var read = (await _world.GetAsync(all[0].Response.Headers.Location!.ToString(), key.Secret)).Json;
        Assert.Equal((100_000, "paid", "2026-11-20T09:52:00-05:00"), (
            read.GetProperty("amount").GetInt64(), read.GetProperty("state").GetString(), read.GetProperty("at").GetString()));
        var line = await _world.ReadAsync(db =>
            db.AuditLog.AsNoTracking().SingleAsync(e => e.TableName == "payments" && e.RecordId == id && e.Action == "insert"));
        Assert.Equal(_world.Admin, line.UserId);
        Assert.Contains(ApiSecret.PrefixOf(key.Secret), line.ActorName, StringComparison.Ordinal);
        Assert.Equal(line.Operation, await _world.ReadAsync(db =>
            db.ApiRequests.Where(r => r.RecordId == id).Select(r => r.Operation).SingleAsync()));
    }

    [Fact]
    public async Task A_case_is_filed_read_and_answered_as_it_was_seen()
    {
        var key = await _world.KeyAsync(Permissions.PqrsHandle, Permissions.PqrsView);
        var category = (await _world.GetAsync("/api/v1/case-categories", key.Secret)).Json[0].GetProperty("id").GetInt32();
        var wrong = await _world.PostAsync("/api/v1/cases", key.Secret,
            new { personId = _world.Person, channel = "telephone", categoryId = category });
        Assert.Equal(422, wrong.Problem.Status);
        Assert.Equal(["kind", "title", "description"],
            wrong.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
        var filed = await _world.PostAsync(
            "/api/v1/cases", key.Secret,
            new { personId = _world.Person, channel = "telephone", categoryId = category, kind = "complaint", title = "Ruido",
                description = "De noche." });
        Assert.True(filed.Status == HttpStatusCode.Created, filed.Text);
        var path = filed.Response.Headers.Location!.ToString();
        var read = await _world.GetAsync(path, key.Secret);
        Assert.Equal(("open", "complaint"), (read.Json.GetProperty("state").GetString(), read.Json.GetProperty("kind").GetString()));
        var tag = read.Response.Headers.ETag!.ToString();

        Assert.Equal((428, "api.match_missing"), (await _world.PostAsync(path + "/answer", key.Secret, new { text = "Ya." })).Problem);
        Assert.Equal(HttpStatusCode.NoContent,
            (await _world.PostAsync(path + "/answer", key.Secret, new { text = "Lo miramos." }, match: tag)).Status);
        Assert.Equal((412, "stale"), (await _world.PostAsync(path + "/answer", key.Secret, new { text = "Listo.", resolve = true },
            match: tag)).Problem);
        tag = (await _world.GetAsync(path, key.Secret)).Response.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NoContent,
            (await _world.PostAsync(path + "/answer", key.Secret, new { text = "Listo.", resolve = true }, match: tag)).Status);
        Assert.Equal("resolved", (await _world.GetAsync(path, key.Secret)).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Of_two_that_answer_what_they_read_at_once_one_is_told_that_it_has_changed()
    {
        var key = await _world.KeyAsync(Permissions.PqrsHandle, Permissions.PqrsView);
        var category = (await _world.GetAsync("/api/v1/case-categories", key.Secret)).Json[0].GetProperty("id").GetInt32();
        for (var round = 0; round < 3; round++)
        {
            var filed = await _world.PostAsync("/api/v1/cases", key.Secret, new
            {
                personId = _world.Person, channel = "telephone", categoryId = category, kind = "complaint", title = "Ruido",
                description = "De noche.",
            });
            var path = filed.Response.Headers.Location!.ToString();

            // Somebody works on it already: an answer changes nothing but the history.
            var tag = (await _world.GetAsync(path, key.Secret)).Response.Headers.ETag!.ToString();
            Assert.Equal(204, (int)(await _world.PostAsync(path + "/answer", key.Secret, new { text = "Lo miramos." }, match: tag)).Status);
            tag = (await _world.GetAsync(path, key.Secret)).Response.Headers.ETag!.ToString();
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(
                n => _world.PostAsync(path + "/answer", key.Secret, new { text = $"Respuesta {n}.", resolve = n % 2 == 1 }, match: tag)));
            Assert.Equal([204, 412, 412, 412, 412], answers.Select(a => (int)a.Status).Order());
        }
    }

    [Fact]
    public async Task A_facility_is_booked_once_and_its_place_is_told_as_taken()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            var facility = new Portal.Data.Facilities.Facility { Name = "Salón", Capacity = 40, SlotMinutes = 60, MinMinutes = 60,
                MaxMinutes = 240, MaxAdvanceDays = 60 };
            foreach (var day in Enumerable.Range(1, 7))
                facility.Hours.Add(new Portal.Data.Facilities.FacilityHours { Weekday = day, OpensAt = new TimeOnly(8, 0),
                    ClosesAt = new TimeOnly(22, 0) });
            db.Facilities.Add(facility);
            await db.SaveChangesAsync();
        }

        var key = await _world.KeyAsync(Permissions.FacilitiesView, Permissions.ReservationsManage, Permissions.ReservationsView);
        var salon = (await _world.GetAsync("/api/v1/facilities", key.Secret)).Json.GetProperty("items")[0].GetProperty("id").GetInt64();
        var slots = (await _world.GetAsync($"/api/v1/facilities/{salon}/availability?day=2026-11-28&minutes=120", key.Secret)).Json;
        Assert.True(slots.GetProperty("slots").GetArrayLength() > 0);
        var body = new { facilityId = salon, start = "2026-11-28T19:00:00Z", end = "2026-11-28T16:00", people = 10,
            apartmentId = _world.Apartment };
        var booked = await _world.PostAsync("/api/v1/reservations", key.Secret, body, "party");
        Assert.True(booked.Status == HttpStatusCode.Created, booked.Text);
        Assert.True((await _world.PostAsync("/api/v1/reservations", key.Secret, body, "party"))
            .Response.Headers.Contains("Idempotency-Replayed"));
        var taken = await _world.PostAsync("/api/v1/reservations", key.Secret, body);
        Assert.Equal((409, "booking.taken"), taken.Problem);
        Assert.DoesNotContain("refusal.", taken.Text, StringComparison.Ordinal);
        var path = booked.Response.Headers.Location!.ToString();
        Assert.Equal("2026-11-28T14:00:00-05:00", (await _world.GetAsync(path, key.Secret)).Json.GetProperty("start").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _world.PostAsync(path + "/cancel", key.Secret, new { reason = "Se mudó." })).Status);
        Assert.Equal((409, "reservation.not_open"),
            (await _world.PostAsync(path + "/cancel", key.Secret, new { reason = "Se mudó." })).Problem);
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_a_problem_in_the_callers_language()
    {
        var key = await _world.KeyAsync(Permissions.BuildingView, Permissions.PaymentsRecord, Permissions.PaymentsView);
        Assert.Equal((404, "not_found"), (await _world.GetAsync("/api/v1/nothing", key.Secret)).Problem);
        Assert.Equal((405, "api.method"), (await _world.PostAsync("/api/v1/towers", key.Secret, new { })).Problem);
        Assert.Equal((400, "api.unreadable"), (await _world.GetAsync("/api/v1/towers?page=one", key.Secret)).Problem);
        Assert.Equal((400, "api.unreadable"),
            (await _world.PostAsync("/api/v1/payments", key.Secret, new { amount = "much" }, "x")).Problem);

        // A filter that means nothing is not taken for none.
        foreach (var filter in new[] { "state=99", "state=lost", "from=2300-01-01", "to=0001-01-01" })
            Assert.Equal((400, "api.unreadable"), (await _world.GetAsync($"/api/v1/payments?{filter}", key.Secret)).Problem);
        var text = new HttpRequestMessage(HttpMethod.Post,
            "/api/v1/payments") { Content = new StringContent("{}", Encoding.UTF8, "text/plain") };
        text.Headers.Add("Idempotency-Key", "y");
        Assert.Equal((415, "api.json"), (await _world.SendAsync(text, key.Secret)).Problem);
        var spanish = await _world.GetAsync("/api/v1/payments", null, "es-CO,es;q=0.9");
        Assert.Equal(("Falta una llave válida", "es"),
            (spanish.Json.GetProperty("title").GetString(), spanish.Response.Content.Headers.ContentLanguage.Single()));
        Assert.Equal("A valid key is needed", (await _world.GetAsync("/api/v1/payments", null)).Json.GetProperty("title").GetString());

        // Beyond the last page there is nothing, and no page is larger than it may be.
        var beyond = (await _world.GetAsync("/api/v1/apartments?page=9&size=5000", key.Secret)).Json;
        Assert.Equal((0, 1, 100), (beyond.GetProperty("items").GetArrayLength(), beyond.GetProperty("total").GetInt32(),
            beyond.GetProperty("size").GetInt32()));
    }

    [Fact]
    public async Task A_key_needs_a_fresh_sign_in_a_scope_one_has_and_an_end_within_a_year()
    {
        using var scope = _world.Host.Services.CreateScope();
        var (service, admin) = (scope.ServiceProvider.GetRequiredService<ApiKeyService>(), await _world.AdminAsync());
        ApiKeyInput good = new("Contabilidad", [Permissions.BuildingView]);
        Assert.Equal(FreshSignIn.Needed, (await service.MakeAsync(good, admin with { SessionId = 0 }, default)).Error!.Code);
        Assert.Equal("api.days", (await service.MakeAsync(good with { Days = 366 }, admin, default)).Error!.Code);
        Assert.Equal("api.scopes", (await service.MakeAsync(good with { Scopes = [Permissions.AccessManage] }, admin, default))
            .Error!.Code);
        Assert.Equal("api.addresses", (await service.MakeAsync(good with { Addresses = "everywhere" }, admin, default)).Error!.Code);
        Assert.Equal("required", (await service.MakeAsync(good with { Scopes = [] }, admin, default)).Error!.Code);
        var made = await service.MakeAsync(good, admin, default);
        Assert.True(made.Ok);
        Assert.Equal(FreshSignIn.Needed, (await service.RevokeAsync(made.Value.Id, admin with { SessionId = 0 }, default)).Error!.Code);

        // The owner is told of both.
        await _world.RevokeAsync(made.Value.Id);
        Assert.Equal(
            ["urgent.api_key", "urgent.api_key_revoked"],
            await _world.ReadAsync(db => db.Notifications.Where(n => n.RecipientId == _world.Admin).OrderBy(n => n.Id).Select(n => n.Type!)
                .ToListAsync()));
    }

    [Fact]
    public async Task The_document_says_every_operation_and_has_not_changed_unawares()
    {
        var visitor = _world.Host.NewVisitor();
        await visitor.SignInAsync("carolina", ApiWorld.Password);
        var response = await visitor.Client.GetAsync("/api/v1/openapi.json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var text = JsonSerializer.Serialize(
            document.RootElement,
            new JsonSerializerOptions { WriteIndented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var said = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(verb => (Key: $"{verb.Name.ToUpperInvariant()} {path.Name}", verb.Value))).ToDictionary(o => o.Key, o => o.Value);
        var mapped = _world.Host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ApiOperation>() is not null).Distinct()
            .ToDictionary(
                e => $"{e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} /{e.RoutePattern.RawText!.TrimStart('/').Replace(":long", "", StringComparison.Ordinal)}",
                e => e.Metadata.GetMetadata<ApiOperation>()!);
        Assert.Equal(mapped.Keys.Order(StringComparer.Ordinal), said.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, operation) in said)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), key);
            Assert.Equal(mapped[key].AnyOf, operation.GetProperty("x-scopes").EnumerateArray().Select(s => s.GetString()));
            Assert.All(mapped[key].AnyOf, scope => Assert.Contains(scope, ApiScopes.All));
            var responses = operation.GetProperty("responses");
            foreach (var status in mapped[key].Asks is null ? ["401", "403", "429", "500"] : new[] { "401", "413", "415", "422", "500" })
                Assert.Equal($"#/components/responses/Problem{status}", responses.GetProperty(status).GetProperty("$ref").GetString());
            if (mapped[key].Status != 204)
                Assert.True(responses.GetProperty($"{mapped[key].Status}").GetProperty("content").GetProperty("application/json")
                    .TryGetProperty("example", out _), key);
            if (mapped[key].Asks is not null)
                Assert.True(operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json")
                    .TryGetProperty("example", out _), key);
        }

        // What a refusal looks like is said once.
        foreach (var problem in document.RootElement.GetProperty("components").GetProperty("responses").EnumerateObject())
        {
            var content = problem.Value.GetProperty("content").GetProperty("application/problem+json");
            Assert.Equal("#/components/schemas/Problem", content.GetProperty("schema").GetProperty("$ref").GetString());
            Assert.Equal(problem.Name, $"Problem{content.GetProperty("example").GetProperty("status").GetInt32()}");
        }

        var file = Path.Combine(Repository.Root, "docs", "api", "openapi.json");
        if (Environment.GetEnvironmentVariable("PORTAL_WRITE_OPENAPI") == "1") await File.WriteAllTextAsync(file, text + "\n");
        Assert.True(
            await File.ReadAllTextAsync(file) == text + "\n",
            "The API's document is not what docs/api/openapi.json says. Where nothing that others use was taken away, write it anew: PORTAL_WRITE_OPENAPI=1 with this test.");
    }

    /// <summary>Every operation, its address with some number, and whether it reads.</summary>
    private List<(ApiOperation Operation, string Path, bool Get)> Operations() =>
    [
        .. _world.Host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ApiOperation>() is not null).Distinct().Select(e => (
                e.Metadata.GetMetadata<ApiOperation>()!,
                "/" + e.RoutePattern.RawText!.TrimStart('/').Replace("{id:long}", "1", StringComparison.Ordinal),
                e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0] == "GET")),
    ];

    private async Task WithoutAsync(string permission)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        await db.RolePermissions.Where(r => r.RoleId == Roles.Admin && r.Permission!.Name == permission).ExecuteDeleteAsync();
    }
}
