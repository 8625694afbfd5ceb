using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Vouchers.V1;
using Grpc.Core;
using Orleans;
using Proto = Florist.Protos.Vouchers.V1.Voucher;

namespace Florist.Vouchers;

/// <summary>The RPCs of VoucherService: messages to commands and back.</summary>
internal sealed class VouchersService(IGrainFactory grains, IVoucherQueries queries, IIds ids, ISeal seal)
    : VoucherService.VoucherServiceBase
{
    public override async Task<Proto> CreateVoucher(CreateVoucherRequest request, ServerCallContext context)
    {
        Caller caller = Internal(context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.Voucher is not null, "voucher", "REQUIRED", "is required");
        string? title = checks.OptionalText("voucher.title", request.Voucher?.Title, VoucherMessages.TitleLengthMax);
        VoucherTerms terms = VoucherMessages.Read(request.Voucher ?? new Proto(), checks);
        string? code = VoucherCodes.Read(request.VoucherId);
        checks.That(
            code is not null || request.VoucherId.Length == 0,
            "voucher_id",
            "CODE_INVALID",
            "must be 3 to 32 letters, digits and hyphens");
        ThrowIfWrong(checks);

        // One that nobody chose cannot be guessed: 100 bits, of which a retry makes the same.
        code ??= (requestId is null ? ids.Next() : ids.Derived(caller.Principal, "vouchers", requestId))
            .ToUpperInvariant();
        IssueVoucher command = new(requestId, caller.Principal, title, terms);
        return (await Grain(code).Issue(command)).OrThrow().ToProto();
    }

    public override async Task<Proto> GetVoucher(GetVoucherRequest request, ServerCallContext context)
    {
        Internal(context);
        return (await Grain(Named(request.Name)).Get()).OrThrow().ToProto();
    }

    public override async Task<ListVouchersResponse> ListVouchers(
        ListVouchersRequest request, ServerCallContext context)
    {
        Internal(context);
        FilterExpression filter = IVoucherQueries.Filterable.Parse(request.Filter).OrThrow();
        string arguments = $"vouchers\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<VoucherView> found = await queries.List(filter, page, context.CancellationToken);
        ListVouchersResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Vouchers.AddRange(found.Items.Select(voucher => voucher.ToProto()));
        return response;
    }

    public override async Task<Proto> DisableVoucher(DisableVoucherRequest request, ServerCallContext context)
    {
        Caller caller = Internal(context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ThrowIfWrong(checks);
        string? etag = request.Etag.Length == 0 ? null : request.Etag;
        DisableVoucher command = new(requestId, etag, caller.Principal);
        return (await Grain(Named(request.Name)).Disable(command)).OrThrow().ToProto();
    }

    public override async Task<CheckVoucherResponse> CheckVoucher(
        CheckVoucherRequest request, ServerCallContext context)
    {
        string customer = Customer(request.Customer, Caller.Of(context));
        FieldChecks checks = new();
        Money subtotal = VoucherMessages.Amount(request.Subtotal, "subtotal", checks);
        ThrowIfWrong(checks);

        // What can be no code is to a customer the same as one that nobody was given.
        string code = VoucherCodes.Named(request.Name) ?? throw VoucherRules.Unknown().ToException();
        VoucherTerms terms = (await Grain(code).Check(new UseVoucher("", customer))).OrThrow();
        return new CheckVoucherResponse
        {
            Discount = terms.DiscountOn(subtotal).OrThrow().ToProto(),
            EndTime = terms.ValidUntil?.ToProto(),
        };
    }

    private static Caller Internal(ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        return caller.IsInternal ? caller : throw Fault.Denied("only the shop may do this").ToException();
    }

    // Permission first: a customer asks for themselves alone.
    private static string Customer(string name, Caller caller)
    {
        string own = caller.Kind == CallerKind.Customer && name is "" or "customers/me" ? caller.Id : "";
        string id = own.Length > 0 ? own : VoucherMessages.CustomerOf(name) ?? "";
        if (id.Length == 0)
        {
            throw Fault.Invalid("customer", "NAME_INVALID", "is not a name of the form customers/{customer}")
                .ToException();
        }

        return caller.Reaches(id)
            ? id
            : throw Fault.Denied("the caller may not ask for this customer").ToException();
    }

    private static string Named(string name) => VoucherCodes.Named(name)
        ?? throw Fault.Invalid("name", "NAME_INVALID", "is not a name of the form vouchers/{voucher}").ToException();

    private IVoucherGrain Grain(string code) => grains.GetGrain<IVoucherGrain>(code);

    private static void ThrowIfWrong(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}
