using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared;

/// <summary>
/// What a prerendered page carries into its circuit, made small: it travels in the page, encoded twice or thrice, and was a quarter
/// of a list.
/// </summary>
public static class CarriedState
{
    // Below that, packing makes it no smaller.
    private const int WorthPacking = 160;
    private const byte Plain = 0, Packed = 1;

    public static byte[] Pack<T>(T value)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
        if (json.Length < WorthPacking) return [Plain, .. json];
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length) + 1];
        room[0] = Packed;
        return BrotliEncoder.TryCompress(json, room.AsSpan(1), out var length, quality: 4, window: 18)
            ? room[..(length + 1)]
            : [Plain, .. json];
    }

    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public static T? Unpack<T>(byte[] carried)
    {
        if (carried is not [Packed, ..]) return JsonSerializer.Deserialize<T>(carried.AsSpan(1), JsonSerializerOptions.Web);
        using var packed = new BrotliStream(new MemoryStream(carried, 1, carried.Length - 1), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(packed, JsonSerializerOptions.Web);
    }
}

/// <summary>The same for properties marked <see cref="PersistentStateAttribute"/>, of whatever type.</summary>
public sealed class CarriedState<T> : PersistentComponentStateSerializer<T>
{
    public override void Persist(T value, IBufferWriter<byte> writer) => writer.Write(CarriedState.Pack(value));

    public override T Restore(ReadOnlySequence<byte> data) => CarriedState.Unpack<T>(data.ToArray())!;
}
