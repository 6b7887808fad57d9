# Stand-ins for mcr.microsoft.com/dotnet/{runtime,aspnet,sdk}:10.0, made of a machine's own .NET (context `dotnet`).
FROM lab/base AS aspnet
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true
RUN groupadd --gid=1654 app && useradd --no-log-init --uid=1654 --gid=1654 --create-home app
COPY --from=dotnet dotnet /usr/share/dotnet/dotnet
COPY --from=dotnet host /usr/share/dotnet/host
COPY --from=dotnet shared /usr/share/dotnet/shared
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet

FROM aspnet AS sdk
ENV DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_NOLOGO=true NUGET_XMLDOC_MODE=skip DOTNET_CLI_TELEMETRY_OPTOUT=1
COPY --from=dotnet packs /usr/share/dotnet/packs
COPY --from=dotnet sdk /usr/share/dotnet/sdk
COPY --from=dotnet sdk-manifests /usr/share/dotnet/sdk-manifests
COPY --from=dotnet templates /usr/share/dotnet/templates
# This machine's registries answer with this machine's certificates.
COPY --from=ca ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV NUGET_CERT_REVOCATION_MODE=offline
