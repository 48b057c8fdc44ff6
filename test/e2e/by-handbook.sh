#!/bin/bash
# What an operator does to a P1 host by hand (handbook 2.2.2, 2.2.5), in the handbook's own words.
cat >/etc/security/limits.conf <<EOF
*               soft    nofile          10000000
*               hard    noproc          65000
EOF
cat >/etc/sysctl.conf <<EOF
vm.swappiness = 10
net.core.somaxconn = 131070
EOF
sed -i "/DefaultLimitNOFILE/c DefaultLimitNOFILE=1000" /etc/systemd/system.conf
systemctl daemon-reexec
(crontab -l; echo "*/1 *  *  *  *  /usr/sbin/ntpdate cn.pool.ntp.org &>/dev/null") | crontab
echo 'GRUB_CMDLINE_LINUX_DEFAULT="default_hugepagesz=1G hugepagesz=1G"' >>/etc/default/grub
update-grub
echo 'none /opt/hugepages/layer_labels hugetlbfs pagesize=1G,size=1792G 0 0' >>/etc/fstab
mkdir -p /opt/hugepages/layer_labels
cat >/etc/hugepages.sh <<EOF
#!/bin/bash
echo 252| tee /sys/devices/system/node/node{{0..2},{4..7}}/hugepages/hugepages-1048576kB/nr_hugepages
EOF
chmod +x /etc/hugepages.sh
cat >/etc/systemd/system/hugepages.service <<EOF
[Unit]
Description=hugepages
After=network-online.target
[Service]
Type=simple
User=root
ExecStart=/etc/hugepages.sh
[Install]
WantedBy=multi-user.target
EOF
systemctl enable --now hugepages
