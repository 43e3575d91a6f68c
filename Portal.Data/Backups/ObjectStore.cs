using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Portal.Data.Backups;

/// <param name="Key">Its name without the prefix.</param>
/// <param name="At">When it was written (UTC, the storage's clock).</param>
internal sealed record StoredObject(string Key, long Bytes, DateTime At);

/// <summary>
/// The objects of one bucket under one prefix, for the time of one piece of work. Every failure is an <see cref="AwayException"/> with what
/// it is; a request that failed in a way that may pass is sent again by the client before.
/// </summary>
internal sealed class ObjectStore : IDisposable
{
    private readonly ObjectOptions _options;
    private readonly AmazonS3Client _client;

    /// <exception cref="AwayException">The secret cannot be read.</exception>
    public ObjectStore(ObjectOptions options)
    {
        if (options.Problem() is { } problem) throw new AwayException(AwayFault.Other, problem);
        _options = options;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxErrorRetry = 3,
            // Storages that are not Amazon's do not all know its newer checksums: each request is signed with the SHA-256 of what it
            // carries, and what lies there is compared afterwards.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            // A clock that is wrong is to be noticed: what is old, and may go, is reckoned by it.
            DisableClockSkewCorrection = true,
        };
        if (string.IsNullOrWhiteSpace(options.Endpoint)) config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint, options.Region);
        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey!.Trim(), options.Secret()), config);
        _client.AfterResponseEvent += (_, answer) =>
        {
            if (answer is WebServiceResponseEventArgs { ResponseHeaders: { } headers } && headers.TryGetValue("Date", out var date)
                && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                Time = at.UtcDateTime;
        };
    }

    /// <summary>What the storage's clock said with its last answer (UTC); null where it did not say.</summary>
    public DateTime? Time { get; private set; }

    public void Dispose() => _client.Dispose();

    /// <summary>Everything under a name's beginning, by name.</summary>
    public Task<List<StoredObject>> ListAsync(string under, CancellationToken ct) => AskAsync("list what lies there", async () =>
    {
        List<StoredObject> all = [];
        var ask = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Root + under };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(ask, ct);
            foreach (var one in page.S3Objects ?? [])
                all.Add(new StoredObject(one.Key[_options.Root.Length..], one.Size ?? 0, (one.LastModified ?? default).ToUniversalTime()));
            ask.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return all;
    }, ct);

    /// <summary>Writes a file, in parts where it is large, and compares what lies there. Memory stays flat.</summary>
    public async Task PutFileAsync(string key, string file, CancellationToken ct)
    {
        var length = new FileInfo(file).Length;
        // S3 takes ten thousand parts at most.
        var part = Math.Max(_options.PartBytes, (length / 9_000) + 1);
        var (md5s, sha256) = await SumsAsync(file, part, ct);
        if (length <= part)
        {
            await using var content = File.OpenRead(file);
            await PutAsync(key, content, md5s[0], locked: true, ct);
            await CompareAsync(key, length, Convert.ToHexStringLower(md5s[0]), sha256, ct);
            return;
        }

        var upload = await AskAsync($"begin {key}", () => _client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = _options.Bucket, Key = _options.Root + key, ObjectLockMode = LockMode, ObjectLockRetainUntilDate = LockUntil,
            }, ct), ct);
        try
        {
            List<PartETag> parts = [];
            for (var i = 0; i < md5s.Count; i++)
            {
                var number = i + 1;
                var sent = await AskAsync($"write part {number} of {key}", () => _client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = _options.Bucket, Key = _options.Root + key, UploadId = upload.UploadId, PartNumber = number,
                        FilePath = file, FilePosition = part * (number - 1), PartSize = Math.Min(part, length - (part * (number - 1))),
                        MD5Digest = Convert.ToBase64String(md5s[number - 1]), UseChunkEncoding = false, IsLastPart = number == md5s.Count,
                        // It is compared below, also where tags are of another kind.
                        DisableDefaultChecksumValidation = true,
                    }, ct), ct);
                parts.Add(new PartETag(number, sent.ETag));
            }

            await AskAsync($"put {key} together", () => _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = _options.Bucket, Key = _options.Root + key, UploadId = upload.UploadId, PartETags = parts,
                }, ct), ct);
        }
        catch
        {
            // Parts of what was never put together are paid for.
            await AbandonAsync(key, upload.UploadId);
            throw;
        }

        var whole = Md5([.. md5s.SelectMany(m => m)]);
        await CompareAsync(key, length, $"{Convert.ToHexStringLower(whole)}-{md5s.Count}", sha256, ct);
    }

    /// <summary>Writes a text; one that may change later is not locked.</summary>
    public async Task PutTextAsync(string key, byte[] text, bool locked, CancellationToken ct)
    {
        using var content = new MemoryStream(text, writable: false);
        await PutAsync(key, content, Md5(text), locked, ct);
        await CompareAsync(
            key, text.Length, Convert.ToHexStringLower(Md5(text)), Convert.ToHexStringLower(SHA256.HashData(text)), ct);
    }

    /// <summary>Null where there is none.</summary>
    public async Task<string?> TextAsync(string key, CancellationToken ct)
    {
        try
        {
            return await AskAsync($"read {key}", async () =>
            {
                using var found = await _client.GetObjectAsync(Whole(key), ct);
                using var text = new MemoryStream();
                await DrainAsync(found.ResponseStream, bytes => text.WriteAsync(bytes, ct), ct);
                return Encoding.UTF8.GetString(text.ToArray());
            }, ct);
        }
        catch (AwayException none) when (none.Code is "NoSuchKey" or "NotFound")
        {
            return null;
        }
    }

    /// <summary>Brings an object into a new file.</summary>
    /// <exception cref="AwayException">It does not come whole, or is not there.</exception>
    public Task FetchAsync(string key, string file, CancellationToken ct) => AskAsync($"read {key}", async () =>
    {
        File.Delete(file);
        using var found = await _client.GetObjectAsync(Whole(key), ct);
        await using var to = new FileStream(file, DumpPrograms.Private(FileMode.CreateNew));
        await DrainAsync(found.ResponseStream, bytes => to.WriteAsync(bytes, ct), ct);
        to.Flush(flushToDisk: true);
        return to.Length == found.ContentLength ? true : throw new EndOfStreamException();
    }, ct);

    /// <summary>Removes an object; where copies are locked its versions too, for without one only a mark is set.</summary>
    /// <returns>False where it is under a lock, and stays.</returns>
    public async Task<bool> RemoveAsync(string key, CancellationToken ct)
    {
        if (_options.LockDays == 0)
        {
            await AskAsync($"remove {key}", () => _client.DeleteObjectAsync(_options.Bucket, _options.Root + key, ct), ct);
            return true;
        }

        var versions = await AskAsync($"list the versions of {key}", () => _client.ListVersionsAsync(
            new ListVersionsRequest { BucketName = _options.Bucket, Prefix = _options.Root + key }, ct), ct);
        var gone = true;
        foreach (var version in (versions.Versions ?? []).Where(v => v.Key == _options.Root + key))
        {
            try
            {
                await AskAsync(
                    $"remove {key}", () => _client.DeleteObjectAsync(_options.Bucket, version.Key, version.VersionId, ct), ct);
            }
            // Each storage has a word of its own for a lock: AccessDenied, InvalidRequest, ObjectLocked. 404: another was faster.
            catch (AwayException stays) when (stays is { Status: >= 400 and < 500, Fault: AwayFault.Denied or AwayFault.Other })
            {
                gone &= stays.Status == 404;
            }
        }

        return gone;
    }

    /// <summary>
    /// As a range from the first byte: of a whole object the client compares the tag as if it were an MD5, which with some storages it is
    /// not. What comes is compared with what was sent by whoever asks.
    /// </summary>
    private GetObjectRequest Whole(string key) => new()
    {
        BucketName = _options.Bucket, Key = _options.Root + key, ByteRange = new ByteRange("bytes=0-"),
    };

    private string? Mode => _options.LockDays == 0 ? null : _options.LockStrictly ? "COMPLIANCE" : "GOVERNANCE";

    private ObjectLockMode? LockMode => Mode is { } mode ? ObjectLockMode.FindValue(mode) : null;

    private DateTime? LockUntil => _options.LockDays == 0 ? null : DateTime.UtcNow.AddDays(_options.LockDays);

    private Task PutAsync(string key, Stream content, byte[] md5, bool locked, CancellationToken ct) => AskAsync($"write {key}", () =>
        _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _options.Bucket, Key = _options.Root + key, InputStream = content, AutoCloseStream = false,
                MD5Digest = Convert.ToBase64String(md5), UseChunkEncoding = false, DisableDefaultChecksumValidation = true,
                ObjectLockMode = locked ? LockMode : null, ObjectLockRetainUntilDate = locked ? LockUntil : null,
            }, ct), ct);

    /// <summary>
    /// What lies there has the length and the tag that S3 reckons of the same bytes; where the storage gives other tags (it encrypts by
    /// itself) the object is read back.
    /// </summary>
    private async Task CompareAsync(string key, long length, string tag, string sha256, CancellationToken ct)
    {
        var found = await AskAsync(
            $"look at {key}", () => _client.GetObjectMetadataAsync(_options.Bucket, _options.Root + key, ct), ct);
        if (found.ContentLength == length && found.ETag?.Trim('"') == tag) return;
        var there = found.ContentLength == length
            ? await AskAsync($"read {key} back", async () =>
            {
                using var back = await _client.GetObjectAsync(Whole(key), ct);
                using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await DrainAsync(back.ResponseStream, bytes =>
                {
                    sum.AppendData(bytes.Span);
                    return ValueTask.CompletedTask;
                }, ct);
                return Convert.ToHexStringLower(sum.GetHashAndReset());
            }, ct)
            : null;
        if (there != sha256) throw new AwayException(AwayFault.Differs, $"{key} is not the same in {_options}.");
    }

    /// <summary>
    /// Reads an answer to its end. The client's own time limit ends with the headers: a body that stands still would be waited for without
    /// an end.
    /// </summary>
    private async Task DrainAsync(Stream body, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken ct)
    {
        using var still = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var buffer = new byte[128 * 1024];
        while (true)
        {
            still.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
            var read = await body.ReadAsync(buffer, still.Token);
            still.CancelAfter(Timeout.InfiniteTimeSpan);
            if (read == 0) return;
            await take(buffer.AsMemory(0, read));
        }
    }

    private async Task AbandonAsync(string key, string upload)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = _options.Bucket, Key = _options.Root + key, UploadId = upload }, soon.Token);
        }
        catch (Exception again) when (again is AmazonServiceException or HttpRequestException or IOException or OperationCanceledException)
        {
            // What went wrong before is what is told; the bucket's own rule removes unfinished parts.
        }
    }

    /// <summary>MD5 of each part, which is what S3 makes its tags of, and SHA-256 of the whole.</summary>
    private static async Task<(List<byte[]> Md5, string Sha256)> SumsAsync(string file, long part, CancellationToken ct)
    {
        List<byte[]> md5s = [];
#pragma warning disable CA5351 // No secret rests on it: it is how S3 says that the bytes are the same.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var from = File.OpenRead(file);
        var buffer = new byte[128 * 1024];
        var inPart = 0L;
        while (await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, part - inPart)), ct) is var read and > 0)
        {
            md5.AppendData(buffer, 0, read);
            sha256.AppendData(buffer, 0, read);
            inPart += read;
            if (inPart < part) continue;
            md5s.Add(md5.GetHashAndReset());
            inPart = 0;
        }

        if (inPart > 0 || md5s.Count == 0) md5s.Add(md5.GetHashAndReset());
        return (md5s, Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }

#pragma warning disable CA5351 // As above.
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception failed) when (!ct.IsCancellationRequested && failed is not BackupException)
        {
            var (fault, why) = FaultOf(failed);
            var said = Chain(failed).OfType<AmazonServiceException>().FirstOrDefault();
            // What the client throws carries the storage's sentences, which name the key, and would be logged with it.
            var ofTheClient = Chain(failed).Any(e => e.GetType().Namespace?.StartsWith("Amazon", StringComparison.Ordinal) == true);
            throw new AwayException(fault, $"{_options}: could not {what}: {why}", ofTheClient ? null : failed)
            {
                Code = said?.ErrorCode, Status = (int)(said?.StatusCode ?? 0),
            };
        }
    }

    private static IEnumerable<Exception> Chain(Exception failed)
    {
        for (Exception? inner = failed; inner is not null; inner = inner.InnerException) yield return inner;
    }

    /// <summary>Of the storage's answer no more than its code: its sentences are of its own language, and may name the key.</summary>
    private (AwayFault Fault, string Why) FaultOf(Exception failed)
    {
        foreach (var inner in Chain(failed))
        {
            switch (inner)
            {
                case AmazonS3Exception { ErrorCode: var code, StatusCode: var status } when !string.IsNullOrEmpty(code):
                    return Said(code, (int)status);
                case AuthenticationException:
                    return (AwayFault.Unreachable, "its certificate is not one that this machine trusts.");
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown }:
                    return (AwayFault.Cut, "the connection was cut.");
                case SocketException socket:
                    return (AwayFault.Unreachable, $"nobody answers at {_options.Endpoint ?? "Amazon's"} ({socket.SocketErrorCode}).");
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }:
                    return (AwayFault.Unreachable, $"nobody answers at {_options.Endpoint ?? "Amazon's"}.");
                case OperationCanceledException or TimeoutException:
                    return (AwayFault.Slow, $"no answer in {_options.TimeoutSeconds} seconds.");
                case IOException io when DiskFull.Is(io) && io is not HttpIOException:
                    return (AwayFault.Full, "no room on this machine.");
                case EndOfStreamException or HttpIOException:
                    return (AwayFault.Cut, "the connection was cut.");
            }
        }

        return failed switch
        {
            IOException or HttpRequestException => (AwayFault.Cut, "the connection was cut."),
            AmazonServiceException { StatusCode: var status } when (int)status >= 300 => Said($"HTTP {(int)status}", (int)status),
            // A page for people, of a proxy that wants a password, say.
            AmazonUnmarshallingException => (AwayFault.Other, "what answers there does not speak S3."),
            _ => (AwayFault.Other, $"{failed.GetType().Name}."),
        };
    }

    private (AwayFault Fault, string Why) Said(string code, int status) => (code, status) switch
    {
        ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "InvalidSecurity" or "UnauthorizedAccess", _) or (_, 401) =>
            (AwayFault.Key, $"the key or its secret is not the right one ({code})."),
        ("RequestTimeTooSkewed" or "RequestExpired", _) =>
            (AwayFault.Clock, $"the clock of this machine, or the storage's, is wrong ({code})."),
        ("NoSuchBucket" or "InvalidBucketName" or "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed"
            or "IllegalLocationConstraintException", _) =>
            (AwayFault.Bucket, $"there is no bucket {_options.Bucket} there, or it is in another region than {_options.Region} ({code})."),
        ("BadDigest" or "InvalidDigest" or "XAmzContentSHA256Mismatch" or "XAmzContentChecksumMismatch" or "InvalidPart", _) =>
            (AwayFault.Differs, $"what arrived is not what was sent ({code})."),
        ("QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" or "StorageFull" or "InsufficientStorage"
            or "ServiceQuotaExceeded" or "AccountProblem" or "StorageCapExceeded", _) or (_, 507) =>
            (AwayFault.Full, $"there is no room, or more than was booked ({code})."),
        ("SlowDown" or "RequestTimeout" or "ServiceUnavailable" or "Throttling" or "ThrottlingException" or "TooManyRequests", _)
            or (_, 503 or 429) => (AwayFault.Slow, $"the storage has too much to do ({code})."),
        ("AccessDenied" or "AllAccessDisabled" or "Forbidden" or "ObjectLocked", _) or (_, 403) =>
            (AwayFault.Denied, $"the key may not do that ({code})."),
        _ => (AwayFault.Other, $"the storage answers {code}."),
    };
}
