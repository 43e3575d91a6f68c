using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Parking;

namespace Portal.Data.Passes;

/// <summary><c>None</c>: nobody answered in time.</summary>
[StoredByName]
public enum ApprovalAnswer { Waiting, Yes, No, Leave, None }

/// <summary>An answer that came after the first, or after its time.</summary>
/// <param name="At">UTC.</param>
public sealed record LateAnswer(string By, ApprovalAnswer Answer, DateTime At);

/// <summary>
/// Somebody stands at the gate and the apartment is asked. The first answer within <see cref="Lives"/> counts; after it the apartment's
/// rule does, and what still comes is noted.
/// </summary>
[Table("gate_approvals")]
public sealed class GateApproval
{
    /// <summary>After that the guard is told to try the intercom.</summary>
    public static readonly TimeSpan Intercom = TimeSpan.FromSeconds(55);

    /// <summary>So long an answer counts.</summary>
    public static readonly TimeSpan Lives = TimeSpan.FromSeconds(110);

    private const int LongestLate = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private GateApproval()
    {
    }

    public long Id { get; private set; }

    /// <summary>Made by the terminal: asked twice is asked once.</summary>
    [Column(TypeName = "char(36)")]
    public string ClientKey { get; private set; } = "";

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    [MaxLength(200)]
    public string Name { get; private set; } = "";

    public VisitorKind VisitorKind { get; private set; }

    public int People { get; private set; } = 1;

    [MaxLength(100)]
    public string? Company { get; private set; }

    [MaxLength(20)]
    public string? LicensePlate { get; private set; }

    [Column(TypeName = "timestamp(3)")]
    public DateTime AskedAt { get; private set; }

    public long AskedBy { get; private set; }

    /// <summary>As it was written; see <see cref="AnswerAt"/>.</summary>
    public ApprovalAnswer Answer { get; private set; }

    [Column(TypeName = "timestamp(3)")]
    public DateTime? AnsweredAt { get; private set; }

    public long? AnsweredBy { get; private set; }

    /// <summary>JSON of <see cref="LateAnswer"/>s, the first that came first.</summary>
    [MaxLength(LongestLate)]
    public string? Late { get; private set; }

    /// <summary>The visit that came of it.</summary>
    public long? VisitorId { get; private set; }

    internal static GateApproval Ask(NewApproval input, long by, DateTime utcNow) => new()
    {
        ClientKey = input.Key,
        ApartmentId = input.ApartmentId,
        Name = input.Name.Trim(),
        VisitorKind = input.Kind,
        People = input.People,
        Company = input.Company.TrimToNull(),
        LicensePlate = Plates.Tidy(input.Plate),
        AskedAt = utcNow,
        AskedBy = by,
    };

    /// <summary>The answer at a moment (UTC): what nobody answered is none when its time is over, whether or not the row says so.</summary>
    public ApprovalAnswer AnswerAt(DateTime utcNow) => AnswerAt(Answer, AskedAt, utcNow);

    /// <inheritdoc cref="AnswerAt(DateTime)"/>
    public static ApprovalAnswer AnswerAt(ApprovalAnswer answer, DateTime askedAt, DateTime utcNow) =>
        answer == ApprovalAnswer.Waiting && utcNow - askedAt >= Lives ? ApprovalAnswer.None : answer;

    /// <summary>Somebody of the apartment answers. Only the first counts; one that changes nothing is not noted twice.</summary>
    public void Reply(ApprovalAnswer answer, long by, string name, DateTime utcNow)
    {
        if (AnswerAt(utcNow) == ApprovalAnswer.Waiting)
        {
            (Answer, AnsweredAt, AnsweredBy) = (answer, utcNow, by);
            return;
        }

        if (Answer == ApprovalAnswer.Waiting) Answer = ApprovalAnswer.None;
        if (AnsweredBy == by && Answer == answer) return;
        var late = LateAnswers(Late);
        if (late.LastOrDefault(l => l.By == name)?.Answer == answer) return;
        var text = JsonSerializer.Serialize(late.Append(new LateAnswer(name, answer, utcNow)), Json);
        // More than fits is no news: the guard has long decided.
        if (text.Length <= LongestLate) Late = text;
    }

    /// <summary>The visit that came of it.</summary>
    internal void Became(long visit) => VisitorId = visit;

    /// <summary>What <see cref="Late"/> holds.</summary>
    public static IReadOnlyList<LateAnswer> LateAnswers(string? late) =>
        late is null ? [] : JsonSerializer.Deserialize<List<LateAnswer>>(late, Json) ?? [];
}
