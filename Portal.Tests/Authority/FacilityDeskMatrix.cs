using Portal.Data;
using Portal.Data.Facilities;
using Portal.Tests.Facilities;

namespace Portal.Tests.Authority;

/// <summary>What the office does to facilities themselves: photos, kinds, deleting.</summary>
public sealed class FacilityDeskMatrix : AreaMatrix
{
    private const long Terrace = 651;
    private const int Kind = 661;
    private const int Other = 662;
    private const int Spare = 663;

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.ReservationTypes.AddRange(
            new ReservationType { Id = Kind, Name = "Terrazas" }, new ReservationType { Id = Other, Name = "Miradores" },
            new ReservationType { Id = Spare, Name = "Sin uso" });
        db.Facilities.Add(
            new Facility
            {
                Id = Terrace,
                Name = "Terraza",
                ReservationTypeId = Kind,
            }
        );
        db.FacilityPhotos.Add(
            new FacilityPhoto
            {
                FacilityId = Terrace,
                ContentType = "image/png",
                Digest = new string('a', 64),
                Content = Pictures.Png,
            }
        );
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<FacilityService>(nameof(FacilityService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Terrace, user, default)), Office),
            Method<FacilityPhotos>(
                nameof(FacilityPhotos.FindAsync), (s, user, _) => Of(s.FindAsync(Terrace, PhotoSize.Small, user, default)), SignedIn),
            Method<FacilityPhotos>(
                nameof(FacilityPhotos.SetAsync), (s, user, _) => Of(s.SetAsync(Terrace, Pictures.Jpeg, user, default)), Office),
            Method<FacilityPhotos>(nameof(FacilityPhotos.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(Terrace, user, default)), Office),
            Method<FacilityKinds>(
                nameof(FacilityKinds.ListAsync), async (s, user, _) => (await s.ListAsync(user, default)).Any(k => k.Id == Kind), Office),
            Method<FacilityKinds>(
                nameof(FacilityKinds.RenameAsync), (s, user, _) => Of(s.RenameAsync(Kind, "Azoteas", user, default)), Office),
            Method<FacilityKinds>(nameof(FacilityKinds.MergeAsync), (s, user, _) => Of(s.MergeAsync(Kind, Other, user, default)), Office),
            Method<FacilityKinds>(nameof(FacilityKinds.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Spare, user, default)), Office),
            Endpoint(HttpMethod.Get, "/facilities/{id:long}/photo", $"/facilities/{Terrace}/photo", SignedIn),
        ];
}
