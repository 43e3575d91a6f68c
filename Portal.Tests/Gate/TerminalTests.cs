using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Gate;

/// <summary>The addresses of the terminal, as a device asks them.</summary>
public sealed class TerminalTests(TestDatabase database) : DatabaseTest(database)
{
    private AuthorityWorld _world = null!;
    private PortalHost _host = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new AuthorityWorld(Database);
        await _world.BeginAsync(new Empty());
        _host = new PortalHost(Database.ConnectionString);
    }

    public override async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<string> CodeAsync() => (await _world.Get<TerminalService>().AddAsync("Portería", _world.As(Who.Admin), default)).Value.Code;

    private async Task<(Device Device, string Key)> EnrolAsync()
    {
        var device = new Device(_host.NewVisitor().Client);
        var (status, told) = await device.PostAsync("/gate/enrol", new { code = (await CodeAsync()).ToLowerInvariant().Replace("-", " ") });
        Assert.Equal(HttpStatusCode.OK, status);
        return (device, told.GetProperty("key").GetString()!);
    }

    private async Task<Device> OnDutyAsync()
    {
        var (device, _) = await EnrolAsync();
        Assert.True((await _world.Get<PinService>().SetAsync(AuthorityWorld.Id(Who.Guard), "428915", _world.As(Who.Admin), default)).Ok);
        await device.StateAsync();
        Assert.Equal(HttpStatusCode.OK, (await device.PostAsync("/gate/pin", new { guard = AuthorityWorld.Id(Who.Guard), pin = "428915" })).Status);
        await device.StateAsync();
        return device;
    }

    [Fact]
    public async Task A_code_enrols_one_device_once_and_a_revoked_one_is_answered_no_more()
    {
        var code = await CodeAsync();
        var (one, other) = (new Device(_host.NewVisitor().Client), new Device(_host.NewVisitor().Client));
        Assert.Equal((HttpStatusCode.BadRequest, "code"), await one.ErrorAsync("/gate/enrol", new { code = "not a code" }));
        var (status, told) = await one.PostAsync("/gate/enrol", new { code });
        Assert.Equal(HttpStatusCode.OK, status);
        var cookie = one.Cookie!;
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/gate", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((HttpStatusCode.BadRequest, "code"), await other.ErrorAsync("/gate/enrol", new { code }));
        var state = await one.StateAsync();
        Assert.Equal("Portería", state.GetProperty("terminal").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, state.GetProperty("guard").ValueKind);

        var id = told.GetProperty("terminal").GetProperty("id").GetInt64();
        Assert.True((await _world.Get<TerminalService>().RevokeAsync(id, _world.As(Who.Staff), default)).Ok);
        Assert.Equal((HttpStatusCode.Forbidden, "terminal"), await one.ErrorAsync("/gate/state"));
    }

    [Fact]
    public async Task Each_refusal_says_what_is_missing()
    {
        var (device, _) = await EnrolAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, "session"), await device.ErrorAsync("/gate/snapshot"));
        Assert.Equal((HttpStatusCode.Unauthorized, "session"), await device.ErrorAsync("/gate/events", new { events = Array.Empty<object>() }));

        var owner = _host.NewVisitor();
        await owner.SignInAsync("owner", AuthorityWorld.Password);
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await new Device(owner.Client).ErrorAsync("/gate/ask?q=1"));
        var guard = _host.NewVisitor();
        await guard.SignInAsync("guard", AuthorityWorld.Password);
        Assert.Equal((HttpStatusCode.Forbidden, "terminal"), await new Device(guard.Client).ErrorAsync("/gate/ask?q=1"));

        var duty = await OnDutyAsync();
        var csrf = duty.Csrf;
        duty.Csrf = null;
        Assert.Equal((HttpStatusCode.BadRequest, "antiforgery"), await duty.ErrorAsync("/gate/events", new { events = new[] { new { } } }));
        (duty.Csrf, duty.Origin) = (csrf, "https://evil.example");
        Assert.Equal((HttpStatusCode.BadRequest, "origin"), await duty.ErrorAsync("/gate/events", new { events = new[] { new { } } }));
        duty.Origin = null;
        Assert.Equal((HttpStatusCode.BadRequest, "events"), await duty.ErrorAsync("/gate/events", new { events = 5 }));
        Assert.Equal((HttpStatusCode.BadRequest, "events"), await duty.ErrorAsync("/gate/events", new { events = new object[101] }));
    }

    [Fact]
    public async Task A_pin_opens_the_gate_and_nothing_else_also_an_administrators()
    {
        var (visitor, guest) = (_host.NewVisitor(), _host.NewVisitor());
        var (device, other) = (new Device(visitor.Client), new Device(guest.Client));
        await device.PostAsync("/gate/enrol", new { code = await CodeAsync() });
        await other.PostAsync("/gate/enrol", new { code = await CodeAsync() });
        foreach (var who in new[] { Who.Admin, Who.Guard })
            Assert.True((await _world.Get<PinService>().SetAsync(AuthorityWorld.Id(who), "428915", _world.As(Who.Admin), default)).Ok);

        // The office could have set it, and an administrator's rights are not the office's.
        await device.StateAsync();
        var (admin, guard) = (AuthorityWorld.Id(Who.Admin), AuthorityWorld.Id(Who.Guard));
        Assert.Equal(HttpStatusCode.OK, (await device.PostAsync("/gate/pin", new { guard = admin, pin = "428915" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/gate/log")).Status);
        foreach (var path in new[] { "/people/new", "/roles", "/payments", "/audit", "/gate/terminals", "/operations/backups" })
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await visitor.GetAsync(path)).Status));

        // Where their role asks for two steps, the gate stays open: it opens nothing that these protect.
        await Database.ExecuteAsync(
            "UPDATE roles SET two_step_required = 1, two_step_grace_days = 0, two_step_since = '2020-01-01' WHERE id = 4");
        ((CurrentUserSource)_host.Services.GetService(typeof(CurrentUserSource))!).Forget();
        await other.StateAsync();
        Assert.Equal(HttpStatusCode.OK, (await other.PostAsync("/gate/pin", new { guard, pin = "428915" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync("/gate/log")).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/gate/snapshot")).Status);
    }

    [Fact]
    public async Task Five_wrong_pins_shut_it_for_a_quarter_of_an_hour_even_for_the_right_one()
    {
        var (device, _) = await EnrolAsync();
        var guard = AuthorityWorld.Id(Who.Guard);
        Assert.Equal("pin.simple", (await _world.Get<PinService>().SetAsync(guard, "123456", _world.As(Who.Guard), default)).Error!.Code);
        Assert.Equal("pin.shape", (await _world.Get<PinService>().SetAsync(guard, "12345", _world.As(Who.Guard), default)).Error!.Code);
        Assert.True((await _world.Get<PinService>().SetAsync(guard, "428915", _world.As(Who.Guard), default)).Ok);
        var state = await device.StateAsync();
        Assert.Equal([guard], state.GetProperty("guards").EnumerateArray().Select(g => g.GetProperty("id").GetInt64()));

        var tries = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => device.PostAsync("/gate/pin", new { guard, pin = "000001" })));
        Assert.Single(tries, t => t.Body.GetProperty("error").GetString() == "locked");
        Assert.Equal([1, 2, 3, 4], tries.Where(t => t.Body.TryGetProperty("left", out var _)).Select(t => t.Body.GetProperty("left").GetInt32()).Order());
        Assert.Equal((HttpStatusCode.BadRequest, "locked"), await device.ErrorAsync("/gate/pin", new { guard, pin = "428915" }));
        await Database.ExecuteAsync("UPDATE gate_pins SET locked_until = '2020-01-01'");
        Assert.Equal(HttpStatusCode.OK, (await device.PostAsync("/gate/pin", new { guard, pin = "428915" })).Status);
        Assert.Equal(guard, (await device.StateAsync()).GetProperty("guard").GetProperty("id").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await device.PostAsync("/gate/leave", new { })).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "session"), await device.ErrorAsync("/gate/ask?q=1"));
    }

    [Fact]
    public async Task What_is_told_over_the_wire_is_logged_and_asked_for()
    {
        var device = await OnDutyAsync();
        var at = _world.Clock.UtcNow.AddSeconds(-5);
        var entry = new
        {
            key = Guid.NewGuid(), seq = 1, kind = "enter", at = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), offset = 0, offline = false,
            guard = AuthorityWorld.Id(Who.Guard), v = 1,
            fields = new { unit = AuthorityWorld.Apartment, name = "Lina Robles", identification = "1001001", vk = "guest", people = 2, plate = "kjh 482", authority = "host" },
        };
        var snapshots = _host.Services.GetRequiredService<GateSnapshots>();
        var before = await snapshots.NowAsync(default);
        var (status, told) = await device.PostAsync("/gate/events", new { events = new[] { entry } });
        Assert.Equal(HttpStatusCode.OK, status);
        var result = told.GetProperty("results")[0];
        Assert.Equal("applied", result.GetProperty("outcome").GetString());

        // A snapshot is of when it was read, however late it is signed: the terminal keeps what it sent until a later one.
        var sent = told.GetProperty("at").GetInt64();
        using (var manifest = JsonDocument.Parse(snapshots.Sign(before, 1, new HashSet<string>()).Manifest))
            Assert.True(manifest.RootElement.GetProperty("at").GetInt64() < sent);
        snapshots.Forget();
        var after = await snapshots.NowAsync(default);
        Assert.True(GateSnapshots.Milliseconds(after.At) >= sent);
        Assert.Contains("Lina Robles", after.Sections.Single(s => s.Name == "inside").Json, StringComparison.Ordinal);
        Assert.Equal(19, result.GetProperty("at").GetString()!.Length);

        var (_, asked) = await device.GetAsync("/gate/ask?q=KJH482");
        Assert.Equal("inside", asked.GetProperty("kind").GetString());
        Assert.Equal(result.GetProperty("visit").GetInt64(), asked.GetProperty("visit").GetInt64());
        Assert.Equal("Torre A 101", asked.GetProperty("unit").GetProperty("name").GetString());

        for (var i = 0; i < 5; i++)
        {
            var (_, unknown) = await device.GetAsync($"/gate/ask?q=99999{i}");
            Assert.Equal(("unknown", i == 4), (unknown.GetProperty("kind").GetString(), unknown.GetProperty("askName").GetBoolean()));
        }
    }

    [Fact]
    public async Task The_snapshot_is_signed_holds_nothing_it_should_not_and_sends_only_what_is_new()
    {
        var now = _world.Clock.Now;
        var made = await _world.Get<VisitService>().AnnounceAsync(
            new Announcement(VisitorKind.Guest, AuthorityWorld.Apartment, "Laura Gómez", "52777001", 2, "kjh482", null, now.AddHours(-1), now.AddHours(3)),
            _world.As(Who.Owner), default);
        await Database.ExecuteAsync(
            """
            UPDATE profile SET phone = '3109998877', document_number = '80123456', first_name = 'Andrea', last_name = 'Ruiz Gómez' WHERE user_id = 3;
            INSERT INTO gate_blocks (effect, identification_key, name, reason, made_by) VALUES ('block', '79555444', 'Persona Vetada', 'Robo', 1);
            """);
        var (device, key) = await EnrolAsync();
        Assert.True((await _world.Get<PinService>().SetAsync(AuthorityWorld.Id(Who.Guard), "428915", _world.As(Who.Admin), default)).Ok);
        await device.StateAsync();
        await device.PostAsync("/gate/pin", new { guard = AuthorityWorld.Id(Who.Guard), pin = "428915" });
        var (_, first) = await device.GetAsync("/gate/snapshot");
        JsonElement whole = first;
        for (var i = 0; i < 50; i++)
        {
            await Task.Delay(200);
            (_, whole) = await device.GetAsync("/gate/snapshot");
            if (whole.GetProperty("bodies").EnumerateObject().Any(b => b.Value.GetString()!.Contains("\"list\":{\""))) break;
            _host.Services.GetService(typeof(GateSnapshots));
            ((GateSnapshots)_host.Services.GetService(typeof(GateSnapshots))!).Forget();
        }

        var manifest = whole.GetProperty("manifest").GetString()!;
        using (var pinned = ECDsa.Create())
        {
            pinned.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            var signature = Convert.FromBase64String(whole.GetProperty("signature").GetString()!);
            Assert.True(pinned.VerifyData(Encoding.UTF8.GetBytes(manifest), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
            Assert.False(pinned.VerifyData(Encoding.UTF8.GetBytes(manifest + " "), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }

        var told = JsonDocument.Parse(manifest).RootElement;
        Assert.Equal(TimeSpan.FromHours(12), told.GetProperty("expires").GetDateTime() - told.GetProperty("made").GetDateTime());
        var sections = told.GetProperty("sections").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetString()!);
        var bodies = whole.GetProperty("bodies").EnumerateObject().ToDictionary(b => b.Name, b => b.Value.GetString()!);
        Assert.All(bodies, body => Assert.Equal(body.Key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.Value)))));

        var all = whole.GetRawText();
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            var pass = await db.Passes.SingleAsync();
            foreach (var secret in new[] { made.Value.Code!, pass.Token, "52777001", "3109998877", "80123456", "Andrea", "Ruiz Gómez", "79555444", "Vetada", "Robo" })
                Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
            var row = JsonDocument.Parse(bodies[sections["passes"]]).RootElement[0];
            Assert.Equal(
                (made.Value.Id, "Laura Gómez", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pass.Token)))),
                (row.GetProperty("v").GetInt64(), row.GetProperty("name").GetString(), row.GetProperty("t").GetString()));
        }

        var codes = JsonDocument.Parse(bodies[sections["codes"]]).RootElement;
        var salt = Convert.FromHexString(codes.GetProperty("salt").GetString()!);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(made.Value.Code!), salt, codes.GetProperty("rounds").GetInt32(), HashAlgorithmName.SHA256, 32);
        Assert.Equal(0, codes.GetProperty("list").GetProperty(Convert.ToHexStringLower(hash)).GetInt32());
        Assert.Equal("A. Ruiz", JsonDocument.Parse(bodies[sections["units"]]).RootElement[0].GetProperty("host").GetString());
        var blocks = JsonDocument.Parse(bodies[sections["blocks"]]).RootElement;
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blocks.GetProperty("salt").GetString() + "79555444"))),
            blocks.GetProperty("list")[0].GetProperty("h").GetString());

        var (_, same) = await device.GetAsync($"/gate/snapshot?have={string.Join(',', sections.Values)}");
        Assert.Empty(same.GetProperty("bodies").EnumerateObject());
        Assert.False((await device.StateAsync(told.GetProperty("version").GetString())).GetProperty("changed").GetBoolean());

        await Database.ExecuteAsync("INSERT INTO gate_notes (text, written_by) VALUES ('Nueva', 1)");
        ((GateSnapshots)_host.Services.GetService(typeof(GateSnapshots))!).Forget();
        var (_, delta) = await device.GetAsync($"/gate/snapshot?have={string.Join(',', sections.Values)}");
        Assert.Contains("Nueva", Assert.Single(delta.GetProperty("bodies").EnumerateObject()).Value.GetString());
    }

    [Fact]
    public async Task A_thousand_units_fit_into_two_megabytes()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO apartments (id, apartment_number, tower_id, status_id, owner_id)
            WITH RECURSIVE n AS (SELECT 1000 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1999) SELECT i, i, 1, 1, 23 FROM n;
            INSERT INTO parking (space_number, status_id, license_plate, apartment_id) SELECT CONCAT('P', id), 1, CONCAT('ABC', MOD(id, 1000)), id FROM apartments WHERE id >= 1000;
            INSERT INTO visitors (name, identification, host_id, apartment_id, visit_date, enter_time, state, license_plate)
            SELECT CONCAT('Visitante con un nombre largo ', id), id, 23, id, CURRENT_DATE, '08:00', 'inside', 'KJH482' FROM apartments WHERE id BETWEEN 1000 AND 1499;
            INSERT INTO visitors (name, identification, host_id, apartment_id, visit_date, state, expected_from, expected_until, pass_code)
            SELECT CONCAT('Invitado ', id), '', 23, id, CURRENT_DATE, 'announced', DATE_SUB(NOW(), INTERVAL 20 HOUR), DATE_ADD(NOW(), INTERVAL 20 HOUR), id FROM apartments WHERE id >= 1500;
            """);
        var snapshot = await _world.Get<GateSnapshots>().NowAsync(default);
        var size = snapshot.Sections.Sum(s => Encoding.UTF8.GetByteCount(s.Json));
        Assert.InRange(size, 300_000, 2_000_000);
        Assert.True(JsonDocument.Parse(snapshot.Sections[0].Json).RootElement.GetArrayLength() >= 1000);
    }

    [Fact]
    public async Task An_apartment_is_asked_by_an_enrolled_device_alone_and_every_answer_has_a_body()
    {
        var question = new { key = Guid.NewGuid(), unit = AuthorityWorld.Apartment, name = "Daniel", vk = "delivery", people = 1 };
        Assert.Equal((HttpStatusCode.Unauthorized, "session"), await new Device(_host.NewVisitor().Client).ErrorAsync("/gate/approvals", question));
        var device = await OnDutyAsync();
        var (status, asked) = await device.PostAsync("/gate/approvals", question);
        Assert.Equal((HttpStatusCode.OK, "waiting", "guard"), (status, asked.GetProperty("answer").GetString(), asked.GetProperty("rule").GetString()));
        var (_, state) = await device.GetAsync($"/gate/approvals/{question.key}");
        Assert.Equal(0, state.GetProperty("late").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await device.GetAsync($"/gate/approvals/{Guid.NewGuid()}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await device.PostAsync("/gate/approvals", new { unit = "none" })).Status);
    }

    private sealed class Empty : AreaMatrix
    {
        public override IEnumerable<Entry> Entries => [];
    }

    /// <summary>What a device's page does.</summary>
    private sealed class Device(HttpClient client)
    {
        public string? Csrf { get; set; }

        public string? Origin { get; set; }

        public string? Cookie { get; private set; }

        public async Task<JsonElement> StateAsync(string? have = null)
        {
            var (status, state) = await GetAsync($"/gate/state?have={have}&waiting=3");
            Assert.Equal(HttpStatusCode.OK, status);
            Csrf = state.GetProperty("csrf").GetString();
            return state;
        }

        public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body) =>
            SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });

        public async Task<(HttpStatusCode, string?)> ErrorAsync(string path, object? body = null)
        {
            var (status, told) = body is null ? await GetAsync(path) : await PostAsync(path, body);
            return (status, told.GetProperty("error").GetString());
        }

        private async Task<(HttpStatusCode, JsonElement)> SendAsync(HttpRequestMessage request)
        {
            if (Csrf is not null) request.Headers.Add("X-Gate", Csrf);
            if (Origin is not null) request.Headers.Add("Origin", Origin);
            using var response = await client.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
                Cookie = set.FirstOrDefault(c => c.StartsWith("vallhalla.terminal", StringComparison.Ordinal)) ?? Cookie;
            Assert.Contains("no-store", response.Headers.CacheControl?.ToString());
            return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
        }
    }
}
