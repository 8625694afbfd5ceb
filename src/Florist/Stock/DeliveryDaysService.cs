using Florist.Kernel;
using Florist.Protos.Stock.V1;
using Grpc.Core;
using Orleans;
using Proto = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Stock;

/// <summary>The RPCs of StockService: messages to commands and back.</summary>
internal sealed partial class DeliveryDaysService(IGrainFactory grains, ShopPlans plans) : StockService.StockServiceBase
{
    public override async Task<Proto> GetDeliveryDay(GetDeliveryDayRequest request, ServerCallContext context) =>
        (await Grain(request.Name).Get()).ToProto(plans);

    private IDeliveryDayGrain Grain(string name)
    {
        DayKey key = StockNames.Day(name, "name").OrThrow();
        return plans.Shops.Contains(key.Shop)
            ? grains.GetGrain<IDeliveryDayGrain>(key.Text)
            : throw Fault.NotFound(key.Name).ToException();
    }
}
